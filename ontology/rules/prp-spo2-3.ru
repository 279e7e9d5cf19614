#+ construct: [owl:propertyChainAxiom]
#+ rule: [prp-spo2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: relations
#+ summary: Three edges along a chain of three properties are one edge of the shortcut.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?w ?shortcut ?z } }
WHERE {
  ?shortcut owl:propertyChainAxiom ?list .
  ?list rdf:first ?first ; rdf:rest ?tail .
  ?tail rdf:first ?second ; rdf:rest ?end .
  ?end rdf:first ?third ; rdf:rest rdf:nil .
  ?w ?first ?x .
  ?x ?second ?y .
  ?y ?third ?z .
  FILTER NOT EXISTS { ?w ?shortcut ?z }
}
