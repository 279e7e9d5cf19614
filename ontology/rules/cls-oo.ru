#+ construct: [owl:oneOf]
#+ rule: [cls-oo]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: types
#+ summary: Each of those listed is a member of the enumeration.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?member a ?class } }
WHERE {
  ?class owl:oneOf ?list .
  ?list rdf:rest*/rdf:first ?member .
  FILTER(!isLiteral(?member))
  FILTER NOT EXISTS { ?member a ?class }
}
