#+ construct: [owl:FunctionalProperty]
#+ rule: [prp-fp]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: equality
#+ summary: Two values of a functional property are the same thing; two literals are a contradiction (prp-fp.rq).
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:sameAs ?other } }
WHERE {
  ?property a owl:FunctionalProperty .
  ?x ?property ?one .
  ?x ?property ?other .
  FILTER(?one != ?other && !isLiteral(?one) && !isLiteral(?other))
  FILTER NOT EXISTS { ?one owl:sameAs ?other }
}
