#+ construct: [owl:hasValue]
#+ rule: [cls-hv2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: types
#+ summary: What has the required value is a member of the restriction.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x a ?restriction } }
WHERE {
  ?restriction owl:hasValue ?value ; owl:onProperty ?property .
  ?x ?property ?value .
  FILTER NOT EXISTS { ?x a ?restriction }
}
