#+ construct: [owl:sameAs]
#+ rule: [eq-rep-o]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 4
#+ about: equality
#+ summary: What points to one points to the same thing under its other name.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x ?property ?other } }
WHERE {
  ?one owl:sameAs ?other .
  ?x ?property ?one .
  FILTER(?one != ?other && !(?property = owl:sameAs && ?x = ?other))
  FILTER NOT EXISTS { ?x ?property ?other }
}
