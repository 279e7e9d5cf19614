"""Make the table of visits from the file of IPIS: `python make_table.py FOLDER` writes ipis.csv here.

The file is cod_mines_curated_all_opendata_p_ipis.csv. The table is yours: git doesn't keep it.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

MINERALS = {"Or": "gold", "Cassitérite": "tin", "Coltan": "tantalum", "Wolframite": "tungsten",
            "Diamant": "diamonds", "Cuivre": "copper", "Manganèse": "manganese",
            "Argent": "silver", "Cobalt": "cobalt"}  # fmt: skip


def main(path: Path) -> None:
    """Write the table, in the order of the visits."""
    source, rows = carry.Source(path), []
    for row in source.rows():
        minerals = [MINERALS.get(row[f"mineral{number}"]) for number in (1, 2, 3)]
        told = [f"{name}: {row[name]}" for name in ("traceability", "qualification") if row[name]]
        rows.append({
            "id": row["vid"],
            "site": row["pcode"],
            "name": row["name"] or row["pcode"],
            "day": row["visit_date"][:10],
            "longitude": source.degrees("longitude", row["longitude"], 180),
            "latitude": source.degrees("latitude", row["latitude"], 90),
            "commodities": ";".join(dict.fromkeys(filter(None, minerals))),
            "remark": "; ".join(told),
        })  # fmt: skip
    carry.write(Path(__file__).with_name("ipis.csv"), list(rows[0]), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "cod_mines_curated_all_opendata_p_ipis.csv")
