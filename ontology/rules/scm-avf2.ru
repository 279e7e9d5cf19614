#+ construct: [owl:allValuesFrom]
#+ rule: [scm-avf2]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: What holds of all values of a property above holds of all values of the property below.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?high rdfs:subClassOf ?low } }
WHERE {
  ?low owl:allValuesFrom ?filler ; owl:onProperty ?lowProperty .
  ?lowProperty rdfs:subPropertyOf ?highProperty .
  ?high owl:allValuesFrom ?filler ; owl:onProperty ?highProperty .
  FILTER(?low != ?high)
  FILTER NOT EXISTS { ?high rdfs:subClassOf ?low }
}
