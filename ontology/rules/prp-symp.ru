#+ construct: [owl:SymmetricProperty]
#+ rule: [prp-symp]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: relations
#+ summary: An edge of a symmetric property goes both ways.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?y ?property ?x } }
WHERE {
  ?property a owl:SymmetricProperty .
  ?x ?property ?y .
  FILTER(!isLiteral(?y))
  FILTER NOT EXISTS { ?y ?property ?x }
}
