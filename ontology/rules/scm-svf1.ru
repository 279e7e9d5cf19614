#+ construct: [owl:someValuesFrom]
#+ rule: [scm-svf1]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: Some values from a class are some values from the same class and from those above it.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?low rdfs:subClassOf ?high } }
WHERE {
  ?low owl:someValuesFrom ?lowFiller ; owl:onProperty ?property .
  ?high owl:onProperty ?property ; owl:someValuesFrom ?highFiller .
  FILTER(?low != ?high)
  FILTER(?lowFiller = ?highFiller || ?highFiller = owl:Thing || EXISTS { ?lowFiller rdfs:subClassOf ?highFiller })
  FILTER NOT EXISTS { ?low rdfs:subClassOf ?high }
}
