"""Raw writes into a bare store: orders, the process that obeys, and the server's side of it."""
