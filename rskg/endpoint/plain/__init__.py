"""The connection, and plain queries that are answered there without the layers that others need."""
