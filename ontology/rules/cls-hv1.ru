#+ construct: [owl:hasValue]
#+ rule: [cls-hv1]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: relations
#+ summary: A member of a class that requires a value has that value.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x ?property ?value } }
WHERE {
  ?class owl:hasValue ?value ; owl:onProperty ?property .
  ?x a ?class .
  FILTER NOT EXISTS { ?x ?property ?value }
}
