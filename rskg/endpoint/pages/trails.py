"""Where the statements behind a number are told: the link that each figure of a page carries."""

from __future__ import annotations

from urllib.parse import urlencode

from jinja2 import pass_context
from jinja2.runtime import Context

from rskg.namespaces import THING


@pass_context
def trail(context: Context, path: str, asked: str = "", **values: object) -> str:
    """`PATH/evidence` with a query string, with values, which may be things, and at the revision.

    `trail("/asks/home-stages", stage=iri)` is behind the row of `asks/home-stages.rq` that has the
    stage; `asked` is a query string that a page has already.
    """
    told = {name: str(value).removeprefix(THING) for name, value in values.items()}
    if revision := context["request"].query_params.get("revision"):
        told["revision"] = revision
    parts = "&".join(filter(None, (asked, urlencode(told, safe="/"))))
    return f"{path}/evidence?{parts}" if parts else f"{path}/evidence"
