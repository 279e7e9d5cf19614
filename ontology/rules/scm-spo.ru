#+ construct: [rdfs:subPropertyOf]
#+ rule: [scm-spo]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: A property below a property is below all that stand above it.
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?low rdfs:subPropertyOf ?high } }
WHERE {
  ?low rdfs:subPropertyOf ?middle .
  ?middle rdfs:subPropertyOf ?high .
  FILTER(?low != ?middle && ?middle != ?high && ?low != ?high)
  FILTER NOT EXISTS { ?low rdfs:subPropertyOf ?high }
}
