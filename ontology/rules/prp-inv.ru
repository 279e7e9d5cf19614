#+ construct: [owl:inverseOf]
#+ rule: [prp-inv1, prp-inv2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: relations
#+ summary: An edge of a property is an edge of its inverse, the other way round.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?y ?back ?x } }
WHERE {
  { ?forth owl:inverseOf ?back } UNION { ?back owl:inverseOf ?forth }
  ?x ?forth ?y .
  FILTER(!isLiteral(?y))
  FILTER NOT EXISTS { ?y ?back ?x }
}
