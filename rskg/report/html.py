"""A report as one HTML page that opens alone: no script, no other file, light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby

import rskg
from rskg.report.model import SEVERITIES, Report, Result
from rskg.report.telling import (
    because,
    constraint,
    counts,
    coverage,
    from_root,
    one_line,
    ordered,
    rank,
    shape_iri,
    shape_name,
)

STYLE = """
:root { color-scheme: light dark; --violation: #A5341C; --warning: #9A6A00; --info: #0072B2;
  --text: #1B1F24; --quiet: #57606A; --line: #D8DEE4; --page: #FFFFFF; --panel: #F6F8FA; }
@media (prefers-color-scheme: dark) { :root { --violation: #FF9A85; --warning: #E6B02E;
  --info: #56B4E9; --text: #E6EDF3; --quiet: #9AA4AF; --line: #30363D; --page: #0D1117;
  --panel: #161B22; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 40px 24px 64px; max-width: 1168px; background: var(--page);
  color: var(--text); font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.953rem; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 1.25rem; line-height: 1.2; margin: 40px 0 8px; }
p, li { max-width: 70ch; margin: 8px 0; }
a { color: inherit; }
code { font: 0.875rem ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.violation { --tone: var(--violation); } .warning { --tone: var(--warning); }
.info { --tone: var(--info); } .known { --tone: var(--quiet); }
.bar { display: block; width: 100%; height: 16px; margin: 24px 0 8px; border-radius: 4px;
  background: var(--line); }
.bar rect { fill: var(--tone); }
.word { color: var(--tone); font-weight: 600; white-space: nowrap; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 8px 12px 8px 0;
  border-bottom: 1px solid var(--line); }
thead th { font-size: 0.875rem; color: var(--quiet); position: sticky; top: 0;
  background: var(--page); }
.in-1, .in-2, .in-3 { display: inline-block; }
.in-1 { margin-left: 16px; } .in-2 { margin-left: 32px; } .in-3 { margin-left: 48px; }
.line { text-align: right; white-space: nowrap; }
"""

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{coverage}: {counts}.</p>
{body}
</main>
<footer>
<h2>What this can't say</h2>
<p>A file that conforms is well formed by its shapes; whether what it says is true, no shape can
tell. Nodes that no shape looks at were not judged.</p>
<p class="quiet">Checked with rskg {version} and its shapes, fails on: {fail_on}.
<a href="https://w3id.org/rskg/shapes">The shapes</a> ·
<a href="https://w3id.org/rskg/">rskg</a></p>
</footer>
</body>
</html>
"""


def as_html(report: Report, fail_on: str) -> str:
    """Verdict, a bar of severities, then each file's results by line."""
    title = "The data conforms" if report.conforms(fail_on) else "The data does not conform"
    parts = [_bar(report.results)]
    if report.notes:
        notes = "".join(f"<li>{_safe(note)}</li>" for note in report.notes)
        parts.append(f"<h2>About this run</h2>\n<ul>{notes}</ul>")
    if not report.results:
        parts.append("<p>No shape found anything to say about these files.</p>")
    for path, inside in groupby(ordered(report.results), key=_path):
        parts.append(_table(path, list(inside)))
    return _PAGE.format(
        title=title,
        style=STYLE,
        coverage=escape(coverage(report)).replace(" x ", " &times; "),
        counts=escape(counts(report.results)),
        body="\n".join(part for part in parts if part),
        version=escape(rskg.__version__),
        fail_on=escape(fail_on),
    )


def _path(result: Result) -> str:
    return from_root(result.place.path) if result.place else "In no file"


def _bar(results: Sequence[Result]) -> str:
    """How many of each severity, as lengths and in words."""
    kinds = [*(name.lower() for name in SEVERITIES), "known"]
    found = [_kind(result) for result in results]
    told = [(kind, found.count(kind)) for kind in kinds if kind in found]
    if not told:
        return ""
    bars, left = "", 0.0
    for kind, n in told:
        wide = 100 * n / len(found)
        title = f"<title>{n} {kind}</title>"
        bars += f'<rect class="{kind}" x="{left:.2f}" width="{wide:.2f}" height="1">{title}</rect>'
        left += wide
    words = ", ".join(f"{n} {kind}" for kind, n in told)
    return (
        f'<svg class="bar" role="img" aria-label="{words}" viewBox="0 0 100 1" '
        f'preserveAspectRatio="none">{bars}</svg>'
    )


def _kind(result: Result) -> str:
    return "known" if result.known else SEVERITIES[rank(result)].lower()


def _table(path: str, results: Sequence[Result]) -> str:
    rows = "\n".join(_row(result) for result in results)
    return (
        f"<h2><code>{_safe(path)}</code></h2>\n<table>\n<thead><tr>"
        '<th class="line" scope="col">Line</th><th scope="col">Severity</th>'
        '<th scope="col">What is wrong</th><th scope="col">Shape</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _row(result: Result) -> str:
    about = " ".join(filter(None, (result.focus, result.path, result.value)))
    words = [_safe(result.sentence)]
    words += [_why(depth, text) for depth, text in because(result)]
    if result.fix:
        words.append(f"Fix: {_safe(result.fix.sentence)}")
    words.append(f'<code class="quiet">{_safe(about)}</code>')
    kind = _kind(result)
    return (
        f'<tr class="{kind}"><td class="line">{_line(result)}</td>'
        f'<td class="word">{kind}</td><td>{"<br>".join(words)}</td><td>{_shape(result)}</td></tr>'
    )


def _why(depth: int, text: str) -> str:
    """One line of the reason, set in by how deep it stands."""
    return f'<span class="in-{min(depth, 3)}">{_safe(text)}</span>' if depth else _safe(text)


def _line(result: Result) -> str:
    place = result.place
    if place is None:
        return "&ndash;"
    end = place.cell or place.column
    return escape(f"{place.line}:{end}" if end else str(place.line))


def _shape(result: Result) -> str:
    iri, name = shape_iri(result), _safe(shape_name(result))
    link = f'<a href="{_safe(iri)}">{name}</a>' if iri and iri.startswith("http") else name
    return f'{link}<br><span class="quiet">{escape(constraint(result))}</span>'


def _safe(text: str) -> str:
    return escape(one_line(text))
