"""Templates to download, and the same as a form in the browser."""
