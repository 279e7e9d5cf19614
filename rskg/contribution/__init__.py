"""What partners add to the graph: who may, what they sent, and how it comes in and goes out."""
