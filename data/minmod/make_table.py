"""Carry deposits over: `python make_table.py FOLDER` writes two tables here.

The folder holds sites_flat.csv, and entities/commodity.csv of the same repository.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

HERE = Path(__file__).parent


def codes() -> dict[str, str]:
    """Alpha-2 codes by alpha-3 code."""
    rows = carry.Source(carry.HERE / "countries" / "countries.csv").rows()
    return {row["alpha3"]: row["alpha2"] for row in rows}


def main(sites: Path, commodities: Path) -> None:
    """Write both tables."""
    known, terms = {}, []
    for row in carry.Source(commodities).rows():
        code = carry.commodity({"Aluminum": "aluminium", "Cesium": "cesium"}.get(
            row["name"], row["name"].rpartition(" > ")[2]))  # fmt: skip
        known[row["minmod_id"]] = code
        terms.append({
            "id": row["minmod_id"],
            "name": row["name"],
            "parent": row["parent"],
            "symbol": row["aliases"],
            "mrds_code": row["mrds_code"],
            "critical": "true" if row["is_critical_commodity"] == "1" else "false",
            "code": code,
            "commodities": ";".join(carry.ours([code])),
        })  # fmt: skip
    carry.write(HERE / "commodities.csv", list(terms[0]), terms)
    source, rows, alpha2 = carry.Source(sites), [], codes()
    for row in source.rows():
        if row["iso3"] and row["iso3"] not in alpha2:
            source.fail("iso3", f"no country has the code `{row['iso3']}`")
        items = [each for each in row["commodity_ids"].split(";") if each]
        collection = row["source_id"].rpartition("/")[2]
        cgi = list(dict.fromkeys(known[each] for each in items if known.get(each)))
        rows.append({
            "id": f"{collection}-{carry.slug(row['record_id'])}",
            "collection": row["source_id"],
            "record": row["record_id"],
            "name": row["name"] or row["record_id"],
            "country": alpha2.get(row["iso3"], ""),
            "longitude": source.degrees("longitude", row["longitude"], 180),
            "latitude": source.degrees("latitude", row["latitude"], 90),
            "kind": row["deposit_type"] if not row["deposit_type"].isdigit() else "",
            "items": ";".join(items),
            "codes": ";".join(cgi),
            "commodities": ";".join(carry.ours(cgi)),
            "critical": "true" if row["any_critical"] == "1" else "false",
        })  # fmt: skip
    carry.write(HERE / "sites.csv", list(rows[0]), rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "sites_flat.csv", Path(sys.argv[1]) / "commodity.csv")
