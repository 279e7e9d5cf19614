#+ construct: [owl:propertyChainAxiom]
#+ rule: [prp-spo2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: relations
#+ summary: Two edges along a chain of two properties are one edge of the shortcut.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x ?shortcut ?z } }
WHERE {
  ?shortcut owl:propertyChainAxiom ?list .
  ?list rdf:first ?first ; rdf:rest ?tail .
  ?tail rdf:first ?second ; rdf:rest rdf:nil .
  ?x ?first ?y .
  ?y ?second ?z .
  FILTER NOT EXISTS { ?x ?shortcut ?z }
}
