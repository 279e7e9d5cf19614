"""The map as a question: which rows it shows, as SPARQL that anyone can ask and change."""

from __future__ import annotations

from collections.abc import Iterable

from rskg.endpoint.atlas.indicators import Indicator
from rskg.endpoint.atlas.sites import Chosen


def sparql(text: str, wanted: Chosen, indicator: Indicator | None) -> str:
    """`asks/map-rows.rq` for the wanted sites, with the last value of an indicator beside them."""
    chosen = [
        f"      ?site {by} <{iri}> .\n"
        for by, iri in (
            ("rskg:ofCommodity", wanted.commodity),
            ("rskg:atStage", wanted.stage),
            ("rskg:locatedIn", wanted.country),
        )
        if iri
    ]
    where = (
        "" if wanted.countries is None else f"  VALUES ?country {{ {_iris(wanted.countries)} }}\n"
    )
    filled = {
        "#CHOSEN#\n": "".join(chosen),
        "#WHERE#\n": where,
        "#MEASURED#": "?year ?value" if indicator else "",
        "#OBSERVED#": _observed(indicator) if indicator else "",
    }
    for place, told in filled.items():
        text = text.replace(place, told)
    return text


def _observed(indicator: Indicator) -> str:
    """The last year that has a value for the country, and the value, or how many are true."""
    told, value = "?year ?value", "?value"
    if not indicator.option:
        told, value = "?year (SUM(IF(?listed, 1, 0)) AS ?value)", "?listed"
    subject = indicator.subject.replace("?value", value)
    grouped = "    GROUP BY ?country ?year\n" if not indicator.option else ""
    return f"""\
  OPTIONAL {{
    SELECT ?country {told}
    WHERE {{
      {{
        SELECT ?country (MAX(STR(?when)) AS ?last)
        WHERE {{ ?one {subject}
          rskg:aboutCountry ?country ; rskg:inYear ?when }}
        GROUP BY ?country
      }}
      ?observation {subject}
        rskg:aboutCountry ?country ; rskg:inYear ?year .
      FILTER(STR(?year) = ?last)
    }}
{grouped}  }}
"""


def _iris(countries: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in sorted(countries))
