"""The protocols of SPARQL 1.1 and what helps to write a query."""
