#+ construct: [owl:sameAs]
#+ rule: [eq-rep-s]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 4
#+ about: equality
#+ summary: What is said of one is said of the same thing under its other name.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?other ?property ?y } }
WHERE {
  ?one owl:sameAs ?other .
  ?one ?property ?y .
  FILTER(?one != ?other && !isLiteral(?other) && !(?property = owl:sameAs && ?y = ?other))
  FILTER NOT EXISTS { ?other ?property ?y }
}
