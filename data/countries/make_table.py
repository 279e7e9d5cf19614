"""Carry the country table over: `python make_table.py FOLDER` writes countries.csv.

The folder holds country-codes.csv, which is data/country-codes.csv of github.com/datasets/country-codes; dataset.ttl names the
commit and the checksum. Names are those of the United Nations (M49); `short_name_en` is the one
of Unicode CLDR.
"""

import csv
import sys
from pathlib import Path

COLUMNS = {
    "alpha3": "ISO3166-1-Alpha-3",
    "m49": "M49",
    "name_en": "official_name_en",
    "short_name_en": "CLDR display name",
    "name_fr": "official_name_fr",
    "name_es": "official_name_es",
    "wikidata": "wikidata_id",
    "region": "Region Code",
    "subregion": "Sub-region Code",
    "least_developed": "Least Developed Countries (LDC)",
}


def country(row: dict[str, str]) -> dict[str, str]:
    """One row of our table from one row of the source."""
    ours = {"alpha2": row["ISO3166-1-Alpha-2"]} | {
        ours: row[theirs] for ours, theirs in COLUMNS.items()
    }
    ours["m49"] = ours["m49"].zfill(3)
    for code in ("region", "subregion"):
        ours[code] = ours[code].zfill(3) if ours[code] else ""
    ours["least_developed"] = "true" if ours["least_developed"] else "false"
    ours["wikidata"] = ours["wikidata"].rpartition("/")[2]
    return {column: cell.strip() for column, cell in ours.items()}


def main(source: Path) -> None:
    """Write the table, one row a country, in the order of the two-letter codes."""
    with source.open(encoding="utf-8", newline="") as lines:
        rows = sorted(
            (country(row) for row in csv.DictReader(lines)), key=lambda row: row["alpha2"]
        )
    with Path(__file__).with_name("countries.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, ["alpha2", *COLUMNS], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "country-codes.csv")
