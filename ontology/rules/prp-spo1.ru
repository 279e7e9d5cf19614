#+ construct: [rdfs:subPropertyOf]
#+ rule: [prp-spo1]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: relations
#+ summary: An edge of a property below is an edge of the property above.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x ?high ?y } }
WHERE {
  ?low rdfs:subPropertyOf ?high .
  ?x ?low ?y .
  FILTER(?low != ?high)
  FILTER NOT EXISTS { ?x ?high ?y }
}
