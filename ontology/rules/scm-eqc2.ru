#+ construct: [rdfs:subClassOf]
#+ rule: [scm-eqc2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Two classes, each below the other, are equal.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:equivalentClass ?other } }
WHERE {
  ?one rdfs:subClassOf ?other .
  ?other rdfs:subClassOf ?one .
  FILTER(?one != ?other)
  FILTER NOT EXISTS { ?one owl:equivalentClass ?other }
}
