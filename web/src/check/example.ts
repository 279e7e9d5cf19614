/** A document with mistakes, for whoever has none at hand: each of them is told at its line. */
export const EXAMPLE = `@prefix rskg: <https://w3id.org/rskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix actor-kind: <https://w3id.org/rskg/id/actor-kind/> .
@prefix confidence: <https://w3id.org/rskg/id/confidence/> .
@prefix ex: <https://example.org/> .

# A company: its homepage is a text instead of an address, and one property is mistyped.
ex:mine a rskg:Company ;
  rdfs:label "Example Mining"@en ;
  rskg:actorKind actor-kind:company ;
  foaf:homepage "https://example.org/mining" ;
  rskg:foundedIn "1996" .

# Where that comes from; its confidence is in capitals, unlike the code list's.
ex:where a rskg:Statement ;
  rskg:states ex:mine ;
  dcterms:source <https://example.org/report> ;
  rskg:confidence confidence:High .
`;
