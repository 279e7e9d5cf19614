#+ construct: [rdfs:subClassOf]
#+ rule: [cax-sco, cax-eqc1, cax-eqc2, cls-int2, cls-uni]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 7
#+ about: types
#+ summary: A member of a class is a member of every class above it; the scm rules bring equal classes, unions and intersections here.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?x a ?high } }
WHERE {
  ?low rdfs:subClassOf ?high .
  ?x a ?low .
  FILTER(?low != ?high && ?high != owl:Thing)
  FILTER NOT EXISTS { ?x a ?high }
}
