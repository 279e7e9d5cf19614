"""What OpenAPI says of `POST /validate`."""

from __future__ import annotations

from rskg.endpoint.validate.checking import FAIL_ON
from rskg.endpoint.validate.sent import MULTIPART
from rskg.report import FORMATS

DESCRIPTION: dict[str, object] = {
    "requestBody": {
        "required": True,
        "description": "A document, or a form of documents, shapes, `report` and `fail-on`.",
        "content": {
            **{
                kind: {"schema": {"type": "string"}}
                for kind in (
                    *("text/turtle", "application/n-triples", "application/ld+json"),
                    *("application/rdf+xml", "application/trig", "application/n-quads"),
                )
            },
            MULTIPART: {
                "schema": {
                    "type": "object",
                    "required": ["document"],
                    "properties": {
                        "document": {"type": "string", "format": "binary"},
                        "shapes": {"type": "string"},
                        "report": {"type": "string", "enum": list(FORMATS)},
                        "fail-on": {"type": "string", "enum": list(FAIL_ON)},
                    },
                }
            },
        },
    },
    "parameters": [
        {"name": name, "in": "query", "schema": {"type": "string", **more}}
        for name, more in (
            ("report", {"enum": list(FORMATS)}),
            ("fail-on", {"enum": list(FAIL_ON), "default": "violation"}),
            ("shapes", {"description": "the name of one of our shape files; all by default"}),
        )
    ],
    "responses": {
        str(status): {"description": words}
        for status, words in {
            200: "The report, whether the document conforms or not",
            413: "Too large, packed or unpacked",
            415: "No type that is read here",
            422: "The document can't be read, the shapes can't be used, or nothing was checked",
            429: "Too many checks of yours are waiting",
            503: "Too many checks are waiting",
            504: "The check used up its budget",
        }.items()
    },
}
