"""A request of the SPARQL protocol as it comes in, an answer as it goes out."""
