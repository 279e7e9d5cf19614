"""What there is at a glance: instruments by stage and topic, actors by what they do."""
