"""Data of partners over HTTP: offered, followed, listed, withdrawn."""
