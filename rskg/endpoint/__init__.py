"""The HTTP face: every IRI that we mint answers here, as a page and as RDF."""

from rskg.endpoint.app import create_app, serve

__all__ = ["create_app", "serve"]
