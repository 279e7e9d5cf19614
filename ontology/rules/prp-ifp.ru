#+ construct: [owl:InverseFunctionalProperty]
#+ rule: [prp-ifp]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: equality
#+ summary: Two things with the same value of an inverse functional property are the same.
PREFIX owl: <http://www.w3.org/2002/07/owl#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:sameAs ?other } }
WHERE {
  ?property a owl:InverseFunctionalProperty .
  ?one ?property ?y .
  ?other ?property ?y .
  FILTER(?one != ?other)
  FILTER NOT EXISTS { ?one owl:sameAs ?other }
}
