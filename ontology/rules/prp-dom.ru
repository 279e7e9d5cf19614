#+ construct: [rdfs:domain]
#+ rule: [prp-dom]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: types
#+ summary: Whatever an edge starts from is in the domain of its property.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x a ?class } }
WHERE {
  ?property rdfs:domain ?class .
  ?x ?property ?y .
  FILTER(?class != owl:Thing)
  FILTER NOT EXISTS { ?x a ?class }
}
