"""Find what may be the same elsewhere: `python match.py` writes matches.csv here.

A facility is compared with the facilities of ICMM that lie within five kilometres, an owner with the
legal entities whose name is the same or similar (data/names.py). A match is a candidate until somebody
has looked: judged/names.csv confirms or rejects those of names.
"""

import math
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry
from names import VERDICTS, Names

HERE = Path(__file__).parent
NEAR, RADIUS, DAY = 5.0, 6371.0088, "2026-11-22"


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The way along the earth between two places, each longitude and latitude in degrees."""
    (x1, y1), (x2, y2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2
    half += math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(half))


def nearby() -> list[dict[str, str]]:
    """Facilities within five kilometres of each other."""
    cells: dict[tuple[int, int], list[tuple[str, tuple[float, float]]]] = defaultdict(list)
    for row in carry.Source(carry.HERE / "icmm" / "icmm.csv").rows():
        place = float(row["longitude"]), float(row["latitude"])
        cells[math.floor(place[0]), math.floor(place[1])].append((row["id"].lower(), place))
    found = []
    for row in carry.Source(HERE / "sites.csv").rows():
        if not row["latitude"]:
            continue
        place = float(row["longitude"]), float(row["latitude"])
        x, y = math.floor(place[0]), math.floor(place[1])
        around = [(x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
        for other, there in (each for cell in around for each in cells.get(cell, ())):
            far = kilometres(place, there)
            if far <= NEAR:
                found.append({
                    "id": f"{row['id']}-{other}", "one": f"site/fineprint-{row['id']}",
                    "other": f"site/{other}", "method": "nearby",
                    "score": f"{1 - far / NEAR:.3f}", "kilometres": f"{far:.3f}",
                })  # fmt: skip
    return found


def by_name() -> list[dict[str, str]]:
    """Owners and legal entities of the same or a similar name, and what was found by reading."""
    entities = list(carry.Source(carry.HERE / "gleif" / "gleif.csv").rows())
    names = Names(row["name"] for row in entities)
    owners = {row["owner"]: row["owner_name"] for row in carry.Source(HERE / "owners.csv").rows()}
    judged = {
        (row["record"], row["lei"]): VERDICTS[row["verdict"]]
        for row in carry.Source(HERE / "judged" / "names.csv").rows()
        if row["source"] == "fineprint"
    }
    found = []
    for owner, name in sorted(owners.items()):
        for position, score in names.candidates(name):
            lei = entities[position]["lei"]
            found.append({
                "id": f"{owner}-{lei.lower()}", "one": f"company-record/fineprint-{owner}",
                "other": f"company-record/lei-{lei.lower()}",
                "method": "same-name" if score == 1 else "similar-name", "score": f"{score:.3f}",
                "verdict": judged.get((owner, lei), "candidate"),
            })  # fmt: skip
    return found


def main() -> None:
    """Write the table, sites first."""
    rows = [{"verdict": "candidate", **row, "day": DAY} for row in (*nearby(), *by_name())]
    columns = ["id", "one", "other", "method", "score", "kilometres", "day", "verdict"]
    carry.write(HERE / "matches.csv", columns, rows)


if __name__ == "__main__":
    main()
