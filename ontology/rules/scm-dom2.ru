#+ construct: [rdfs:domain]
#+ rule: [scm-dom2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: A property inherits the domain of the property above it.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?low rdfs:domain ?class } }
WHERE {
  ?high rdfs:domain ?class .
  ?low rdfs:subPropertyOf ?high .
  FILTER(?low != ?high)
  FILTER NOT EXISTS { ?low rdfs:domain ?class }
}
