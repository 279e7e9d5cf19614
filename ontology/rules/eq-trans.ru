#+ construct: [owl:sameAs]
#+ rule: [eq-trans]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 4
#+ about: equality
#+ summary: The same as the same is the same.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x owl:sameAs ?z } }
WHERE {
  ?x owl:sameAs ?y .
  ?y owl:sameAs ?z .
  FILTER(?x != ?z)
  FILTER NOT EXISTS { ?x owl:sameAs ?z }
}
