#+ construct: [rdfs:domain]
#+ rule: [scm-dom1]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Whatever stands above the domain of a property is a domain too.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?property rdfs:domain ?high } }
WHERE {
  ?property rdfs:domain ?low .
  ?low rdfs:subClassOf ?high .
  FILTER(?low != ?high && ?high != owl:Thing)
  FILTER NOT EXISTS { ?property rdfs:domain ?high }
}
