"""Carry mine production over: `python make_table.py FOLDER` writes four tables here.

The folder holds general.csv, other_info.csv, commodities.csv and processing.csv, the sheets of the
workbook. Figures are turned into tonnes here and nowhere else; a figure without a unit, or in a unit
of volume, is left out. Owners are read where the cell names them one by one; a cell that tells of a
sale or of another year is left out, since its shares have no date.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

HERE = Path(__file__).parent
SHARE = re.compile(
    r"\s*([^,()%]*(?:\([^()%]*\)[^,()%]*)*?)\s*\(\s*(\d+(?:\.\d+)?)\s*%\s*\)\s*(?:,|;|$)"
)
HISTORY = re.compile(r"\b(sold|until|after|before|since|subsidiary|consortium)\b", re.IGNORECASE)
STAGES = {"mine": "extraction", "smelter": "smelting-refining", "refinery": "smelting-refining"}


def source_of(row: dict[str, str]) -> dict[str, str]:
    """The address where the row says it was read, or the citation."""
    address = row["source_url"].split()[0].rstrip(",;") if row["source_url"] else ""
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", address):
        return {"address": "", "citation": row["source"] or "Company report, not named"}
    return {"address": address, "citation": ""}


def sites(path: Path) -> dict[str, str]:
    """Write sites.csv; returns the id of each facility by its name."""
    source, rows, ids = carry.Source(path), [], {}
    for row in source.rows():
        name = row["mine_fac"]
        ids[name] = unique(carry.slug(name) or "facility", set(ids.values()))
        types = [carry.slug(each) for each in row["mine_or_processing"].split(",")]
        types = [each for each in types if each in STAGES]
        labels = re.split(r"[,;]", row["commodities_products"])
        codes = [code for code in dict.fromkeys(map(carry.commodity, labels)) if code]
        longitude = source.degrees("longitude", row["longitude"], 180)
        latitude = source.degrees("latitude", row["latitude"], 90)
        rows.append({
            "id": ids[name],
            "name": name,
            "country": source.country("country", row["country"]),
            "longitude": longitude if latitude else "",
            "latitude": latitude if longitude else "",
            "types": ";".join(types),
            "stages": ";".join(dict.fromkeys(STAGES[each] for each in types)),
            "codes": ";".join(codes),
            "commodities": ";".join(carry.ours(codes)),
            **source_of(row),
        })  # fmt: skip
    carry.write(HERE / "sites.csv", list(rows[0]), rows)
    return ids


def unique(name: str, taken: set[str]) -> str:
    """The name, with a number where another one has it."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def owners(cell: str) -> list[tuple[str, str]]:
    """Names and shares in percent, where the cell is nothing but these."""
    cell = " ".join(cell.split())
    if not cell or HISTORY.search(cell):
        return []
    found, rest = [], cell
    while match := SHARE.match(rest):
        found.append((match[1].strip(" ,;"), match[2]))
        rest = rest[match.end() :]
    if rest.strip() or not all(name and float(share) <= 100 for name, share in found):
        single = not found and "%" not in cell and "," not in cell and len(cell) < 80
        return [(cell, "")] if single else []
    return found


def ownership(path: Path, ids: dict[str, str]) -> None:
    """Write owners.csv."""
    rows, taken = [], set()
    for row in carry.Source(path).rows():
        for name, share in owners(row["owners"]):
            site, owner = ids[row["mine_fac"]], carry.slug(name)
            key = unique(f"{site}-{owner}-{row['year'] or 'undated'}", taken)
            taken.add(key)
            year = row["year"] if re.fullmatch(r"\d{4}", row["year"]) else ""
            told = {"id": key, "site": site, "owner": owner, "owner_name": name}
            rows.append({**told, "share": share, "year": year, **source_of(row)})
    carry.write(HERE / "owners.csv", list(rows[0]), rows)


def flow(source: carry.Source, row: dict[str, str], column: str, material: str) -> dict[str, str]:
    """The part of a row that is the same for every flow."""
    unit = row[f"{column}_unit" if column else "unit"]
    value = row[f"{column}_value" if column else "value"]
    code = carry.commodity(material) or carry.within(material)
    return {
        "year": row["year"],
        "material": material,
        "code": code,
        "commodities": ";".join(carry.ours([code])),
        "tonnes": source.tonnes(f"{column}_unit" if column else "unit", value, unit),
        "period": row["reporting_period"],
        **source_of(row),
    }


def flows(folder: Path, ids: dict[str, str]) -> None:
    """Write output.csv (what mines put out) and processing.csv (into and out of works)."""
    source, rows = carry.Source(folder / "commodities.csv"), []
    for row in source.rows():
        if row["value"] and row["unit"] and re.fullmatch(r"\d{4}", row["year"]):
            told = {"id": f"c{source.row}", "site": ids[row["mine_fac"]], "direction": "output"}
            part = " ".join(filter(None, (row["sub_site"], row["min_ore_con"], row["type_mining"],
                                          row["mine_processing"])))  # fmt: skip
            rows.append({**told, **flow(source, row, "", row["commodity"]), "part": part})
    carry.write(HERE / "output.csv", list(rows[0]), rows)
    source, rows = carry.Source(folder / "processing.csv"), []
    for row in source.rows():
        for direction in ("input", "output"):
            column = f"process_{direction}"
            if row[f"{column}_value"] and row[f"{column}_unit"] and row[column]:
                told = {"id": f"p{source.row}-{direction}", "site": ids[row["mine_fac"]],
                        "direction": direction}  # fmt: skip
                part = " ".join(filter(None, (row["sub_site"], row["type_facility"])))
                rows.append({**told, **flow(source, row, column, row[column]), "part": part})
    carry.write(HERE / "processing.csv", list(rows[0]), rows)


def main(folder: Path) -> None:
    """Write the four tables."""
    ids = sites(folder / "general.csv")
    ownership(folder / "other_info.csv", ids)
    flows(folder, ids)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
