#+ construct: [owl:sameAs]
#+ rule: [eq-rep-p]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 4
#+ about: equality
#+ summary: An edge of a property is an edge of the same property under its other name.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x ?other ?y } }
WHERE {
  ?one owl:sameAs ?other .
  ?x ?one ?y .
  FILTER(?one != ?other && isIRI(?other))
  FILTER NOT EXISTS { ?x ?other ?y }
}
