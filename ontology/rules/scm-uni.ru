#+ construct: [owl:unionOf]
#+ rule: [scm-uni, cls-uni]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Each part of a union is below the union; cax-sco then types its members.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?part rdfs:subClassOf ?class } }
WHERE {
  ?class owl:unionOf ?list .
  ?list rdf:rest*/rdf:first ?part .
  FILTER(?class != ?part && ?part != owl:Nothing)
  FILTER NOT EXISTS { ?part rdfs:subClassOf ?class }
}
