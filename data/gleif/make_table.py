"""Carry legal entities over: `python make_table.py FOLDER`, with lei_mining.csv in it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry


def valid(lei: str) -> bool:
    """Whether the check digits of an identifier are right (ISO 17442, ISO 7064 MOD 97-10)."""
    return lei.isalnum() and int("".join(str(int(sign, 36)) for sign in lei)) % 97 == 1


def main(path: Path) -> None:
    """Write the table, in the order of the identifiers; wrong check digits are left out."""
    source, rows = carry.Source(path), []
    known = set(carry.COUNTRIES.values())
    for row in source.rows():
        country = row["country_iso2"]
        if country and country not in known:
            source.fail("country_iso2", f"no country has the code `{country}`")
        if valid(row["LEI"]):
            because = ["mining" if row["mining"] == "True" else "", *row["match"].split(";")]
            rows.append({
                "lei": row["LEI"],
                "name": row["legal_name"],
                "country": country,
                "category": row["entity_category"],
                "chosen_because": ";".join(filter(None, because)),
            })  # fmt: skip
    rows.sort(key=lambda row: row["lei"])
    columns = ["lei", "name", "country", "category", "chosen_because"]
    carry.write(Path(__file__).with_name("gleif.csv"), columns, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "lei_mining.csv")
