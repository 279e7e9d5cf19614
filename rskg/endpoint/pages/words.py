"""How IRIs, numbers and terms are worded on a page: the filters of the templates."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from textwrap import wrap
from urllib.parse import quote, urlencode, urlsplit

from markupsafe import Markup, escape

from rskg.endpoint.pages.solutions import Value
from rskg.namespaces import BASE, DATASET, GENID, GRAPH, SHAPE, TERM, THING

#: Each field of the briefing's figure has one colour; kinds of things belong to a field.
FAMILIES = {
    "actor": (
        "actor actor-kind actor-role role institution-kind involvement action-channel "
        "governance-mode leverage perspective"
    ),
    "process": (
        "process process-kind requirement requirement-level link binding market-force topic "
        "assurance-demand jurisdiction objective agenda character-aspect question"
    ),
    "factor": "factor factor-family polarity resource context tension power-dimension motive",
    "chain": "chain node site production country commodity stage unit sector event event-type",
    "claim": (
        "statement lead claim evidence certificate confidence assurance assurance-level "
        "accreditation verification-path allegation allegation-status document"
    ),
}
FAMILY_OF_KIND = {kind: family for family, kinds in FAMILIES.items() for kind in kinds.split()}
#: The classes at the top of each field; those below them share its colour.
FAMILY_OF_CLASS = {
    "Actor": "actor",
    "ActorRole": "actor",
    "Involvement": "actor",
    "Process": "process",
    "Requirement": "process",
    "ProcessLink": "process",
    "MitigatingFactor": "factor",
    "Site": "chain",
    "ValueChainNode": "chain",
    "ValueChain": "chain",
    "Commodity": "chain",
    "Event": "chain",
    "Statement": "claim",
    "Claim": "claim",
    "Evidence": "claim",
    "Assurance": "claim",
}
OUTSIDE = {
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://www.w3.org/2002/07/owl#": "owl",
    "http://www.w3.org/2001/XMLSchema#": "xsd",
    "http://www.w3.org/2004/02/skos/core#": "skos",
    "http://purl.org/dc/terms/": "dcterms",
    "http://www.w3.org/ns/prov#": "prov",
    "http://www.w3.org/ns/dcat#": "dcat",
    "http://www.w3.org/ns/org#": "org",
    "http://www.w3.org/ns/shacl#": "sh",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://www.wikidata.org/entity/": "wd",
    "http://rdfs.org/ns/void#": "void",
    "http://data.europa.eu/m8g/": "m8g",
    "http://data.europa.eu/eli/ontology#": "eli",
    "http://www.opengis.net/ont/geosparql#": "geo",
    "http://purl.org/linked-data/cube#": "qb",
    "https://schema.org/": "schema",
    "http://creativecommons.org/licenses/": "cc",
    "http://purl.org/vocab/vann/": "vann",
    "http://purl.org/pav/": "pav",
}
LICENCES = (
    (re.compile(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)"), "CC {0} {1}"),
    (re.compile(r"creativecommons\.org/publicdomain/zero/(1\.0)"), "CC0 {0}"),
    (re.compile(r"creativecommons\.org/publicdomain/mark/(1\.0)"), "PDM {0}"),
    (re.compile(r"opendatacommons\.org/licenses/by/(\d[.-]\d)"), "ODC-By {0}"),
    (re.compile(r"opendatacommons\.org/licenses/pddl/(\d[.-]\d)"), "PDDL {0}"),
    (re.compile(r"apache\.org/licenses/LICENSE-(2\.0)"), "Apache {0}"),
    (re.compile(r"spdx\.org/licenses/([\w.+-]+?)(?:-only|-or-later)?$"), "{0}"),
)
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_TICKED = re.compile(r"`([^`]+)`")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def local(iri: object) -> str:
    """A link to an IRI: our own become paths of this host, others stay as they are."""
    text = str(iri)
    return "/" + quote(text[len(BASE) :], safe="/#?=&%:;,+~@!$'()*") if is_ours(text) else text


def is_ours(iri: object) -> bool:
    """True for an IRI that we mint."""
    return str(iri).startswith(BASE)


def is_web(iri: object) -> bool:
    """True when an IRI may be a link: never `javascript:` or the like from someone's data."""
    return str(iri).startswith(("http://", "https://"))


def kind_of(iri: object) -> str:
    """The kind in `…/id/<kind>/<slug>`, else nothing."""
    text = str(iri)
    return text[len(THING) :].partition("/")[0] if text.startswith(THING) else ""


def family(iri: object, classes: Mapping[str, str] = FAMILY_OF_CLASS) -> str:
    """The colour family of a thing or class: actor, process, factor, chain, claim or none."""
    text = str(iri)
    if text.startswith(TERM):
        return classes.get(text[len(TERM) :], "")
    return FAMILY_OF_KIND.get(kind_of(text), "")


def families(below: Mapping[str, Collection[str]]) -> dict[str, str]:
    """The family of every class, by name, given the classes right above each one."""
    found = dict(FAMILY_OF_CLASS)
    waiting = set(below)
    while waiting:
        settled = {name: found[up] for name in waiting for up in below[name] if up in found}
        settled = {name: tone for name, tone in settled.items() if name not in found}
        if not settled:
            break
        found.update(settled)
        waiting -= settled.keys()
    return found


def tail(iri: object) -> str:
    """The last part of an IRI: after `#`, else after the last `/`."""
    text = str(iri).rstrip("/#")
    return text[max(text.rfind("#"), text.rfind("/")) + 1 :]


def name(iri: object) -> str:
    """A name for people where no label is known: `tin mining` for `…/tin-mining`."""
    text = str(iri)
    if text.startswith(TERM):
        return words(tail(text))
    if text.startswith(GENID):
        return f"unnamed node {tail(text)[:8]}"
    if text.startswith(BASE):
        return tail(text).replace("-", " ")
    return curie(text)


def words(term_name: str) -> str:
    """`coversStage` as `covers stage`."""
    return _HUMP.sub(" ", term_name).lower()


def curie(iri: object) -> str:
    """The short form of an IRI with a well-known prefix, or the IRI without its scheme."""
    text = str(iri)
    for start, prefix in (
        (TERM, "rskg"),
        (SHAPE, "rskgsh"),
        (GRAPH, "graph"),
        (DATASET, "dataset"),
    ):
        if text.startswith(start):
            return f"{prefix}:{text[len(start) :]}"
    if text.startswith(THING) and text.count("/", len(THING)) == 1:
        return text[len(THING) :].replace("/", ":")
    for start, prefix in OUTSIDE.items():
        if text.startswith(start) and len(text) > len(start):
            return f"{prefix}:{text[len(start) :]}"
    return text.removeprefix("https://").removeprefix("http://").rstrip("/")


def count(number: float) -> str:
    """A number with thin spaces between thousands."""
    whole = int(number)
    text = f"{whole:,}" if number == whole else f"{number:,.2f}".rstrip("0")
    return text.replace(",", "\u202f")


def cell(value: Value) -> str:
    """A value as a table shows it: whole numbers grouped, but years and codes left alone."""
    if value.is_number and (abs(value.number) >= 10_000 or "." in value.text):
        return count(value.number)
    return value.text


def licence(iri: object) -> str:
    """The usual short name of a licence."""
    for pattern, wording in LICENCES:
        found = pattern.search(str(iri))
        if found:
            return wording.format(*(part.upper() for part in found.groups()))
    return curie(iri)


def host(iri: object) -> str:
    """The host of a web address, as a short name for a source."""
    return urlsplit(str(iri)).netloc.removeprefix("www.") or str(iri)


def heading(variable: str) -> str:
    """A variable's name as a heading: `linkedInstruments` as `Linked instruments`."""
    text = words(variable.removesuffix("Label") or variable).replace("_", " ")
    return text[:1].upper() + text[1:]


def is_day(text: object) -> bool:
    """True for a year, a month or a day, which a table keeps on one line."""
    return bool(_DAY.fullmatch(str(text)))


def prose(text: str) -> Markup:
    """A description from a file: its `names in backticks` become code."""
    return Markup(_TICKED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped here


def fold(text: str, width: int) -> list[str]:
    """A label in lines of about `width` letters."""
    return wrap(text, width) or [text]


def sparql_link(query: str, form: str = "html") -> str:
    """A link that answers a query: in the editor, or as a download in another format."""
    return "/sparql?" + urlencode({"query": query, "format": form})


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 actor`, `2 actors`."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


FILTERS = {
    "cell": cell,
    "count": count,
    "curie": curie,
    "family": family,
    "fold": fold,
    "heading": heading,
    "host": host,
    "kind": kind_of,
    "licence": licence,
    "local": local,
    "name": name,
    "plural": plural,
    "prose": prose,
    "sparql_link": sparql_link,
    "tail": tail,
    "words": words,
}
TESTS = {"ours": is_ours, "day": is_day, "web": is_web}
