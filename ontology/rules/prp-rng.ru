#+ construct: [rdfs:range]
#+ rule: [prp-rng]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: types
#+ summary: Whatever an edge points to is in the range of its property; literals are left to the shapes.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?y a ?class } }
WHERE {
  ?property rdfs:range ?class .
  ?x ?property ?y .
  FILTER(?class != owl:Thing && !isLiteral(?y))
  FILTER NOT EXISTS { ?y a ?class }
}
