"""Results as notebooks show them: a table that needs nothing but the page it stands in."""

from __future__ import annotations

from html import escape

from rskg.syntax import Literal, NamedNode, Term

MOST_ROWS = 50


def table(names: list[str], rows: list[list[Term | None]]) -> str:
    """The first rows as an HTML table; IRIs are links, numbers stand at the right."""
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(_cell(term) for term in row)}</tr>" for row in rows[:MOST_ROWS])
    more = f"<p>{len(rows):,} rows, {MOST_ROWS} shown</p>" if len(rows) > MOST_ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def reasons(sentences: list[str]) -> str:
    """Why there are no rows, as a list."""
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<ul>{items}</ul>" if items else ""


def _cell(term: Term | None) -> str:
    if term is None:
        return "<td></td>"
    if isinstance(term, NamedNode):
        iri = escape(term.value, quote=True)
        if not term.value.startswith(("http://", "https://")):
            return f"<td>{iri}</td>"
        return f'<td><a href="{iri}">{escape(_short(term.value))}</a></td>'
    if isinstance(term, Literal):
        right = ' style="text-align:right"' if _is_number(term) else ""
        return f"<td{right}>{escape(term.value)}</td>"
    return f"<td>{escape(str(term))}</td>"


def _short(iri: str) -> str:
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2] or iri


def _is_number(term: Literal) -> bool:
    return term.datatype.value.rpartition("#")[2] in ("integer", "decimal", "double", "float")
