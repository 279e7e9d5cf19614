#+ construct: [owl:maxQualifiedCardinality]
#+ rule: [cls-maxqc3, cls-maxqc4]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: equality
#+ summary: Where at most one value of a class may be, two such values are the same thing.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:sameAs ?other } }
WHERE {
  ?restriction owl:maxQualifiedCardinality ?most ; owl:onProperty ?property ; owl:onClass ?class .
  FILTER(?most = 1)
  ?x a ?restriction .
  ?x ?property ?one .
  ?x ?property ?other .
  FILTER(?one != ?other && !isLiteral(?one) && !isLiteral(?other))
  FILTER(?class = owl:Thing || EXISTS { ?one a ?class })
  FILTER(?class = owl:Thing || EXISTS { ?other a ?class })
  FILTER NOT EXISTS { ?one owl:sameAs ?other }
}
