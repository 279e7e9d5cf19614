#+ construct: [rdfs:subClassOf]
#+ rule: [scm-sco]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: A class below a class is below all that stand above it.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?low rdfs:subClassOf ?high } }
WHERE {
  ?low rdfs:subClassOf ?middle .
  ?middle rdfs:subClassOf ?high .
  FILTER(?low != ?middle && ?middle != ?high && ?low != ?high && ?high != owl:Thing)
  FILTER NOT EXISTS { ?low rdfs:subClassOf ?high }
}
