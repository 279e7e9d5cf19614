"""Carry the facilities over: `python make_table.py FOLDER` writes icmm.csv here.

The folder holds facilities.csv: sheet `External` of the workbook, as CSV. Commodities are codes of CGI; a label
without a code is left out of the codes.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

STAGES = {
    "mine": "extraction", "plant": "processing", "smelter": "smelting-refining",
    "refinery": "smelting-refining", "steel-plant": "smelting-refining",
}  # fmt: skip
COLUMNS = ["id", "name", "other_names", "country", "country_name", "longitude", "latitude", "types",
           "stages", "main_code", "codes", "commodities", "confidence_factor"]  # fmt: skip


def main(path: Path) -> None:
    """Write the table, in the order of the identifiers."""
    source, rows = carry.Source(path), []
    for row in source.rows():
        country = source.country("Country", row["Country"])
        types = [carry.slug(each) for each in row["Asset Type"].split(";")]
        if not set(types) <= STAGES.keys():
            source.fail("Asset Type", f"no such type is known: {row['Asset Type']}")
        others = row["Secondary Commodity"] + ";" + row["Other Commodities"]
        labels = [row["Primary Commodity"], *others.replace(",", ";").split(";")]
        codes = [code for code in dict.fromkeys(map(carry.commodity, labels)) if code]
        names = dict.fromkeys(name.strip() for name in row["Group Names"].split(";"))
        rows.append({
            "id": row["ICMMID"],
            "name": row["Mine Name"] or row["ICMMID"],
            "other_names": ";".join(n for n in names if n and n != row["Mine Name"]),
            "country": country,
            "country_name": "" if country else row["Country"],
            "longitude": source.degrees("Longitude", row["Longitude"], 180),
            "latitude": source.degrees("Latitude", row["Latitude"], 90),
            "types": ";".join(types),
            "stages": ";".join(dict.fromkeys(STAGES[each] for each in types)),
            "main_code": carry.commodity(row["Primary Commodity"]),
            "codes": ";".join(codes),
            "commodities": ";".join(carry.ours(codes)),
            "confidence_factor": carry.slug(row["Confidence Factor"]),
        })  # fmt: skip
    rows.sort(key=lambda row: row["id"])
    carry.write(Path(__file__).with_name("icmm.csv"), COLUMNS, rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "facilities.csv")
