"""The HTTP face: every IRI that we mint answers here, as a page and as RDF."""

from rskg.endpoint.front import create_app, front
from rskg.endpoint.server import serve

__all__ = ["create_app", "front", "serve"]
