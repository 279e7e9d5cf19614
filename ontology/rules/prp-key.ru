#+ construct: [owl:hasKey]
#+ rule: [prp-key]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 5
#+ about: equality
#+ summary: Two members of a class that share a value of each key property are the same.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?one owl:sameAs ?other } }
WHERE {
  {
    SELECT ?class (COUNT(DISTINCT ?property) AS ?properties)
    WHERE { ?class owl:hasKey/rdf:rest*/rdf:first ?property }
    GROUP BY ?class
  }
  {
    SELECT ?one ?other ?class (COUNT(DISTINCT ?property) AS ?shared)
    WHERE {
      ?class owl:hasKey ?list .
      ?list rdf:rest*/rdf:first ?property .
      ?one a ?class .
      ?one ?property ?value .
      ?other ?property ?value .
      ?other a ?class .
      FILTER(?one != ?other)
    }
    GROUP BY ?one ?other ?class
  }
  FILTER(?shared = ?properties)
  FILTER NOT EXISTS { ?one owl:sameAs ?other }
}
