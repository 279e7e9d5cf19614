"""Find what may be the same elsewhere: `python match.py` writes matches.csv here.

A facility is compared with the facilities of ICMM that lie within five kilometres, an owner with the
legal entities and with our own actors whose name is the same or similar (data/names.py). A match is a
candidate until somebody has looked: judged/names.csv confirms or rejects those with legal entities,
judged/actors.csv those with actors; what was found there by reading alone is a match as well.
"""

import math
import re
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry
from names import ENOUGH, VERDICTS, Names

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


def with_actors() -> list[dict[str, str]]:
    """Owners and actors: of the same or a similar name, or found by reading."""
    owners = {row["owner"]: row["owner_name"] for row in carry.Source(HERE / "owners.csv").rows()}
    called = [
        (row["id"], name)
        for row in carry.Source(carry.HERE / "actors" / "actors.csv").rows()
        for name in also(row["name"])
    ]
    names = Names(name for _, name in called)
    read = {
        (row["record"], row["actor"]): VERDICTS[row["verdict"]]
        for row in carry.Source(HERE / "judged" / "actors.csv").rows()
    }
    scores: dict[tuple[str, str], float] = {}
    for owner, name in owners.items():
        for position, score in names.candidates(name):
            pair = owner, called[position][0]
            scores[pair] = max(score, scores.get(pair, 0))
        for actor, other in called:
            if (owner, actor) in read:
                pair = owner, actor
                scores[pair] = max(names.score(name, other), scores.get(pair, 0))
    return [
        {
            "id": f"{owner}-actor-{actor}", "one": f"company-record/fineprint-{owner}",
            "other": f"actor/{actor}", "method": method(score),
            "score": f"{score:.3f}", "verdict": read.get((owner, actor), "candidate"),
        }
        for (owner, actor), score in sorted(scores.items())
    ]  # fmt: skip


def method(score: float) -> str:
    """How a match was found: what the names alone would not tell was read."""
    return "same-name" if score == 1 else "similar-name" if score >= ENOUGH else "reading"


def also(name: str) -> list[str]:
    """A name, and what it says without and within its brackets: `A long name (ALN)`."""
    short = re.findall(r"\(([^)]+)\)", name)
    return [name, re.sub(r"\s*\([^)]+\)", "", name), *short] if short else [name]


def main() -> None:
    """Write the table, sites first."""
    found = (*nearby(), *by_name(), *with_actors())
    rows = [{"verdict": "candidate", **row, "day": DAY} for row in found]
    columns = ["id", "one", "other", "method", "score", "kilometres", "day", "verdict"]
    carry.write(HERE / "matches.csv", columns, rows)


if __name__ == "__main__":
    main()
