#+ construct: [rdfs:range]
#+ rule: [scm-rng1]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Whatever stands above the range of a property is a range too.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?property rdfs:range ?high } }
WHERE {
  ?property rdfs:range ?low .
  ?low rdfs:subClassOf ?high .
  FILTER(?low != ?high && ?high != owl:Thing)
  FILTER NOT EXISTS { ?property rdfs:range ?high }
}
