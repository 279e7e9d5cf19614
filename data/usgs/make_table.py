"""Carry national output over: `python make_table.py FOLDER` writes usgs.csv here.

One row is a country, a year and a metal; a country that the source has under two names is told once
where the figures are the same, and twice where they differ.
"""

import sys
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

#: Thousand tonnes, but for gold, which is told in tonnes.
THOUSAND = {"Gold": 1}


def main(path: Path) -> None:
    """Write the table, by country, year and metal."""
    source, found = carry.Source(path), {}
    for row in source.rows():
        country = source.country("Entity", row["Entity"])
        for column, figure in row.items():
            metal = column.partition(" Production")[0]
            if metal == column or not figure or not country:
                continue
            code = carry.commodity(metal)
            tonnes = carry.plain(Decimal(figure) * THOUSAND.get(metal, 1000))
            key = (country, row["Year"], code)
            found.setdefault(key, {})[tonnes] = row["Entity"]
    rows = []
    for (country, year, code), told in sorted(found.items()):
        for number, (tonnes, name) in enumerate(sorted(told.items()), 1):
            rows.append({
                "id": f"{country.lower()}-{year}-{code}" + (f"-{number}" if len(told) > 1 else ""),
                "country": country,
                "year": year,
                "code": code,
                "commodities": ";".join(carry.ours([code])),
                "tonnes": tonnes,
                "told_of": name,
            })  # fmt: skip
    carry.write(Path(__file__).with_name("usgs.csv"), list(rows[0]), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "metal_production_2012_2015.csv")
