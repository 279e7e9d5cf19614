#+ construct: [owl:hasValue]
#+ rule: [scm-hv]
#+ spec: https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
#+ table: 9
#+ about: schema
#+ summary: One value required of a property below is required of the property above.
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

INSERT { GRAPH <https://w3id.org/rskg/graph/inferred> { ?low rdfs:subClassOf ?high } }
WHERE {
  ?low owl:hasValue ?value ; owl:onProperty ?lowProperty .
  ?high owl:hasValue ?value ; owl:onProperty ?highProperty .
  FILTER(?low != ?high)
  FILTER(?lowProperty = ?highProperty || EXISTS { ?lowProperty rdfs:subPropertyOf ?highProperty })
  FILTER NOT EXISTS { ?low rdfs:subClassOf ?high }
}
