"""Revisions over HTTP, and what came and went between two."""
