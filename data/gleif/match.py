"""Find companies that may be a legal entity: `python match.py` writes matches.csv here.

Names are compared by data/names.py. A match is a candidate until somebody has looked:
data/fineprint/judged/names.csv confirms or rejects it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry
from names import VERDICTS, Names

HERE, DAY = Path(__file__).parent, "2026-11-22"


def companies() -> list[tuple[str, str, str, str]]:
    """Source, record, path of the IRI and name of each company."""
    filers = carry.Source(carry.HERE / "form-sd" / "form-sd.csv").rows()
    actors = carry.Source(carry.HERE / "actors" / "actors.csv").rows()
    return [
        *(
            ("form-sd", row["cik"], f"company-record/cik-{row['cik']}", row["name"])
            for row in filers
        ),
        *(
            ("actors", row["id"], f"actor/{row['id']}", row["name"])
            for row in actors
            if row["class"] == "company"
        ),
    ]


def main() -> None:
    """Write the table."""
    entities = list(carry.Source(HERE / "gleif.csv").rows())
    names = Names(row["name"] for row in entities)
    judged = {
        (row["source"], row["record"], row["lei"]): VERDICTS[row["verdict"]]
        for row in carry.Source(carry.HERE / "fineprint" / "judged" / "names.csv").rows()
    }
    rows = []
    for source, record, path, name in companies():
        for position, score in names.candidates(name):
            lei = entities[position]["lei"]
            rows.append({
                "id": f"{source}-{record}-{lei.lower()}", "one": path,
                "other": f"company-record/lei-{lei.lower()}",
                "method": "same-name" if score == 1 else "similar-name", "score": f"{score:.3f}",
                "day": DAY, "verdict": judged.get((source, record, lei), "candidate"),
            })  # fmt: skip
    carry.write(HERE / "matches.csv", list(rows[0]), rows)


if __name__ == "__main__":
    main()
