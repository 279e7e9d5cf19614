#+ construct: [rdfs:subPropertyOf]
#+ rule: [scm-eqp2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Two properties, each below the other, are equal.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:equivalentProperty ?other } }
WHERE {
  ?one rdfs:subPropertyOf ?other .
  ?other rdfs:subPropertyOf ?one .
  FILTER(?one != ?other)
  FILTER NOT EXISTS { ?one owl:equivalentProperty ?other }
}
