#+ construct: [owl:allValuesFrom]
#+ rule: [cls-avf]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: types
#+ summary: Every value of a member of the restriction is in the class.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?y a ?filler } }
WHERE {
  ?restriction owl:allValuesFrom ?filler ; owl:onProperty ?property .
  ?x a ?restriction .
  ?x ?property ?y .
  FILTER(?filler != owl:Thing && !isLiteral(?y))
  FILTER NOT EXISTS { ?y a ?filler }
}
