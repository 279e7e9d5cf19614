#+ construct: [owl:intersectionOf]
#+ rule: [cls-int1]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 6
#+ about: types
#+ summary: A member of every part is a member of the intersection.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x a ?class } }
WHERE {
  {
    SELECT ?class (COUNT(DISTINCT ?part) AS ?parts)
    WHERE { ?class owl:intersectionOf/rdf:rest*/rdf:first ?part }
    GROUP BY ?class
  }
  {
    SELECT ?x ?class (COUNT(DISTINCT ?part) AS ?held)
    WHERE {
      ?class owl:intersectionOf ?list .
      ?list rdf:rest*/rdf:first ?part .
      ?x a ?part .
    }
    GROUP BY ?x ?class
  }
  FILTER(?held = ?parts)
  FILTER NOT EXISTS { ?x a ?class }
}
