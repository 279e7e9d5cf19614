"""The seam to the store: a query's text goes in, bytes come out, so many at once."""
