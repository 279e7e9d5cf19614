"""HermiT: a complete reasoner for OWL 2 DL, a Java archive that owlready2 carries.

It gets only what has logical weight; labels, notes and sources are left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rdflib import OWL, RDF, RDFS, XSD, Graph, Literal, URIRef

from rskg.errors import EnvironmentLacks, RskgError

HEAP_MEGABYTES = 1024
SECONDS = 120

#: The OWL 2 datatype map (Structural Specification, 4): dates, durations and geometries are not
#: in it, and at one such literal HermiT gives up.
OWL_DATATYPES = frozenset(
    XSD[name]
    for name in (
        *("string", "normalizedString", "token", "language", "Name", "NCName", "NMTOKEN"),
        *("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger", "positiveInteger"),
        *("negativeInteger", "long", "int", "short", "byte", "unsignedLong", "unsignedInt"),
        *("unsignedShort", "unsignedByte", "double", "float", "boolean"),
        *("hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp"),
    )
) | {OWL.real, OWL.rational, RDF.PlainLiteral, RDF.XMLLiteral, RDF.langString}

#: Annotations that are built into OWL and need no declaration.
ANNOTATIONS = frozenset(
    [RDFS.label, RDFS.comment, RDFS.seeAlso, RDFS.isDefinedBy]
    + [OWL[name] for name in ("versionInfo", "deprecated", "backwardCompatibleWith")]
    + [OWL[name] for name in ("incompatibleWith", "priorVersion", "versionIRI", "imports")]
)

_UNSATISFIABLE = re.compile(r"^\t(\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Verdict:
    """Can all axioms be true at once, and which classes can't have a member?"""

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()


def logical_part(graph: Graph) -> Graph:
    """The statements that a reasoner weighs: no annotations, no datatypes outside the OWL 2 map."""
    silent = set(ANNOTATIONS) | set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    kept = Graph()
    for subject, predicate, value in graph:
        if predicate in silent or subject in silent:
            continue
        if isinstance(value, Literal) and (value.datatype or XSD.string) not in OWL_DATATYPES:
            continue
        kept.add((subject, predicate, value))
    return kept


def judge(logical: Graph) -> Verdict:
    """HermiT's verdict on a graph that `logical_part` has made."""
    with tempfile.TemporaryDirectory(prefix="rskg-proof-") as folder:
        path = Path(folder) / "ontology.nt"
        logical.serialize(path, format="nt", encoding="utf-8")
        output = _hermit(path)
    if output is None:
        return Verdict(consistent=False)
    empty = {iri for iri in _UNSATISFIABLE.findall(output) if URIRef(iri) != OWL.Nothing}
    return Verdict(consistent=True, unsatisfiable=tuple(sorted(empty)))


def _hermit(path: Path) -> str | None:
    """HermiT's list of classes that can't have a member; None if the ontology is inconsistent."""
    java = shutil.which("java")
    if java is None:
        raise EnvironmentLacks(
            "the proof needs Java 11 or later, and there is no `java` on the path: "
            "install a JRE, for example `apt-get install default-jre-headless`"
        )
    hermit = _archive()
    command = [
        java,
        f"-Xmx{HEAP_MEGABYTES}m",
        "-cp",
        os.pathsep.join([str(hermit), str(hermit / "HermiT.jar")]),
    ]
    command += ["org.semanticweb.HermiT.cli.CommandLine", "--no-prefixes", "--unsatisfiable"]
    try:
        run = subprocess.run(  # noqa: S603 -- our own arguments, no shell
            [*command, path.as_uri()], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise RskgError(f"HermiT gave no verdict within {SECONDS} seconds") from error
    said = run.stdout + run.stderr
    if "InconsistentOntologyException" in said:
        return None
    if run.returncode or "Exception" in run.stderr:
        raise RskgError(f"HermiT can't read the ontology: {_first_reason(run.stderr)}")
    return run.stdout


def _archive() -> Path:
    spec = find_spec("owlready2")
    if spec is None or spec.origin is None:
        raise EnvironmentLacks("the proof needs the package owlready2, which carries HermiT")
    return Path(spec.origin).parent / "hermit"


def _first_reason(stderr: str) -> str:
    lines: Sequence[str] = [line for line in stderr.splitlines() if "Exception" in line]
    return lines[0] if lines else stderr.strip()[:500]
