#+ construct: [owl:maxCardinality]
#+ rule: [cls-maxc2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: equality
#+ summary: Where at most one value may be, two values are the same thing.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:sameAs ?other } }
WHERE {
  ?restriction owl:maxCardinality ?most ; owl:onProperty ?property .
  FILTER(?most = 1)
  ?x a ?restriction .
  ?x ?property ?one .
  ?x ?property ?other .
  FILTER(?one != ?other && !isLiteral(?one) && !isLiteral(?other))
  FILTER NOT EXISTS { ?one owl:sameAs ?other }
}
