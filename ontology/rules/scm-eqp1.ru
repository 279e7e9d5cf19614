#+ construct: [owl:equivalentProperty]
#+ rule: [scm-eqp1, prp-eqp1, prp-eqp2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Equal properties are each below the other; prp-spo1 then copies their edges.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one rdfs:subPropertyOf ?other } }
WHERE {
  { ?one owl:equivalentProperty ?other } UNION { ?other owl:equivalentProperty ?one }
  FILTER(?one != ?other)
  FILTER NOT EXISTS { ?one rdfs:subPropertyOf ?other }
}
