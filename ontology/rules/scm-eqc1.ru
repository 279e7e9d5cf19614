#+ construct: [owl:equivalentClass]
#+ rule: [scm-eqc1, cax-eqc1, cax-eqc2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Equal classes are each below the other; cax-sco then types their members.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one rdfs:subClassOf ?other } }
WHERE {
  { ?one owl:equivalentClass ?other } UNION { ?other owl:equivalentClass ?one }
  FILTER(?one != ?other && ?other != owl:Thing && ?one != owl:Nothing)
  FILTER NOT EXISTS { ?one rdfs:subClassOf ?other }
}
