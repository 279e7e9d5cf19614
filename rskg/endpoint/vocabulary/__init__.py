"""The ontology and the shapes as pages and as documents."""
