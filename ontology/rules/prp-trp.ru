#+ construct: [owl:TransitiveProperty]
#+ rule: [prp-trp]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: relations
#+ summary: Two edges of a transitive property, end to end, are one.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x ?property ?z } }
WHERE {
  ?property a owl:TransitiveProperty .
  ?x ?property ?y .
  ?y ?property ?z .
  FILTER NOT EXISTS { ?x ?property ?z }
}
