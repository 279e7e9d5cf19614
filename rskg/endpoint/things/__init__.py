"""A page and RDF for every thing that the graph names."""
