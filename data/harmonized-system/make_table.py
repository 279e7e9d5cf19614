"""Carry trade codes over: `python make_table.py FOLDER` writes harmonized-system.csv.

The folder holds the file of the same name.

Only the chapters in which ores, metals, their compounds and what is made of them first are traded.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

CHAPTERS = {"25", "26", "27", "28", "31", "68", "69", "70", "71", "72", "73", "74", "75", "76", "78", "79",
            "80", "81", "82", "83", "85"}  # fmt: skip
#: The commodity that a heading or subheading is about, by the longest beginning that fits.
COMMODITIES = {
    "2504": "graphite", "2525": "mica", "2601": "iron-steel", "2602": "manganese",
    "2603": "copper", "2604": "nickel", "2605": "cobalt", "2606": "aluminium", "2607": "lead",
    "2608": "zinc", "2609": "tin", "2611": "tungsten", "2613": "molybdenum", "261610": "silver",
    "2701": "coal", "2702": "coal", "2704": "coal", "280461": "silicon", "280469": "silicon",
    "280530": "rare-earths", "2818": "aluminium", "2820": "manganese", "282200": "cobalt",
    "282520": "lithium", "282540": "nickel", "282570": "molybdenum", "283324": "nickel",
    "283691": "lithium", "2846": "rare-earths", "7102": "diamonds", "7103": "gemstones",
    "7106": "silver", "7107": "silver", "7108": "gold", "7109": "gold", "7110": "pgm", "7111": "pgm",
    "72": "iron-steel", "720211": "manganese", "720260": "nickel", "720270": "molybdenum",
    "720280": "tungsten", "720293": "niobium", "73": "iron-steel", "74": "copper",
    "75": "nickel", "76": "aluminium", "78": "lead", "79": "zinc", "80": "tin",
    "8101": "tungsten", "8102": "molybdenum", "8103": "tantalum", "8105": "cobalt",
    "8111": "manganese",
}  # fmt: skip
#: Headings of several commodities, which stand for none.
MIXED = {"7112", "7204"}


def about(code: str) -> str:
    """The commodity of a code; empty where it is of several, or of none of ours."""
    if code[:4] in MIXED:
        return ""
    fits = [COMMODITIES[code[:size]] for size in (6, 4, 2) if code[:size] in COMMODITIES]
    return fits[0] if fits else ""


def main(path: Path) -> None:
    """Write the table, in the order of the codes."""
    rows = [
        {
            "code": row["hscode"],
            "level": row["level"],
            "parent": row["parent"] if row["parent"] != "TOTAL" else "",
            "text": row["description"],
            "commodity": about(row["hscode"]),
        }
        for row in carry.Source(path).rows()
        if row["hscode"][:2] in CHAPTERS
    ]
    rows.sort(key=lambda row: row["code"])
    carry.write(Path(__file__).with_name("harmonized-system.csv"), list(rows[0]), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "harmonized-system.csv")
