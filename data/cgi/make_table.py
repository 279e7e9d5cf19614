"""Carry code lists of CGI over: `python make_table.py FOLDER` writes cgi.csv here.

The folder holds the Turtle files of vocabularies/earthresourceml. One row is a concept with its
labels; definitions stay where they are.
"""

import sys
from pathlib import Path

from rdflib import RDF, SKOS, Graph, Literal, URIRef

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

FILES = ("CommodityCode", "EndUsePotential", "EnvironmentalImpact", "ExplorationActivityType",
         "MineStatus", "MiningActivity", "ProcessingActivity", "RawMaterialRole",
         "WasteStorage")  # fmt: skip
#: Labels in the scripts of Laos, Cambodia and Thailand were damaged in the source.
LANGUAGES = ("en", "de", "es", "fr", "it", "fi", "sv", "nl", "id", "ms")
BASE = "http://resource.geosciml.org/classifier/cgi/"


def main(folder: Path) -> None:
    """Write the table, list by list."""
    rows = []
    for name in FILES:
        graph = Graph().parse(folder / f"{name}.ttl")
        for concept in sorted(graph.subjects(RDF.type, SKOS.Concept)):
            kind, _, code = str(concept).removeprefix(BASE).partition("/")
            above = sorted(str(o).rpartition("/")[2] for o in graph.objects(concept, SKOS.broader))
            same = sorted(str(o) for o in graph.objects(concept, SKOS.exactMatch)
                          if isinstance(o, URIRef))  # fmt: skip
            row = {
                "list": kind,
                "code": code,
                "broader": ";".join(above),
                "same_as": " ".join(same),
            }
            for label in graph.objects(concept, SKOS.prefLabel):
                if isinstance(label, Literal) and label.language in LANGUAGES:
                    row[f"label_{label.language}"] = str(label)
            rows.append(row)
    columns = ["list", "code", "broader", "same_as", *(f"label_{each}" for each in LANGUAGES)]
    carry.write(Path(__file__).with_name("cgi.csv"), columns, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
