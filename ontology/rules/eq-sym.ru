#+ construct: [owl:sameAs]
#+ rule: [eq-sym]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 4
#+ about: equality
#+ summary: Sameness goes both ways.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?y owl:sameAs ?x } }
WHERE {
  ?x owl:sameAs ?y .
  FILTER(!isLiteral(?y))
  FILTER NOT EXISTS { ?y owl:sameAs ?x }
}
