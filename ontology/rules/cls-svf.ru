#+ construct: [owl:someValuesFrom]
#+ rule: [cls-svf1, cls-svf2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: types
#+ summary: What has a value from the class is a member of the restriction.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x a ?restriction } }
WHERE {
  ?restriction owl:someValuesFrom ?filler ; owl:onProperty ?property .
  ?x ?property ?y .
  FILTER(?filler = owl:Thing || EXISTS { ?y a ?filler })
  FILTER NOT EXISTS { ?x a ?restriction }
}
