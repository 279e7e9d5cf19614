"""Carry lists and findings over: `python make_table.py FOLDER`.

The folder holds goods_by_country.csv and countries.csv; writes goods.csv and assessments.csv here. Unknown, not applicable, unavailable and blank are absent:
what was not assessed is not a no.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry

HERE = Path(__file__).parent
CONVENTIONS = {
    "Conventions.C_138_Ratified": "c138_ratified",
    "Conventions.C_182_Ratified": "c182_ratified",
    "Conventions.Convention_on_the_Rights_of_the_Child_Ratified": "crc_ratified",
    "Conventions.CRC_Armed_Conflict_Ratified": "crc_armed_conflict_ratified",
    "Conventions.CRC_Commercial_Sexual_Exploitation_of_Children_Ratified": "crc_exploitation_ratified",
    "Conventions.Palermo_Ratified": "palermo_ratified",
}
STANDARD = re.compile(r"Legal_Standards\.(\w+)\.Conforms_To_Intl_Standard")
PLAIN = re.compile(r"(?:Enforcements|Mechanisms)\.(\w+)")
COUNTED = {"labor_inspectors", "labor_inspections", "labor_violations", "labor_penalties_imposed",
           "labor_penalties_collected", "criminal_investigations", "criminal_prosecutions",
           "criminal_convictions"}  # fmt: skip
#: Fields that hold sums of money in several currencies, or answers of several kinds.
LEFT_OUT = {"labor_funding", "criminal_penalties_for_wfcl"}
ORES = {"Cobalt ore (heterogenite)": "cobalt", "Tantalum ore (coltan)": "tantalum",
        "Tin ore (cassiterite)": "tin", "Tungsten ore (wolframite)": "tungsten", "Gems": "gemstones",
        "Emeralds": "emerald", "Rubies": "ruby", "Sapphires": "sapphire", "Diamonds": "diamond",
        "Fluorspar (mineral)": "fluorite", "Gypsum (mineral)": "gypsum", "Tanzanite (gems)": "tanzanite",
        "Stones (limestone)": "limestone", "Stones (pumice)": "pumice",
        "Granite (crushed)": "granite"}  # fmt: skip


def field(column: str) -> str:
    """Our name of a column of the source; empty for one that isn't carried over."""
    if column in CONVENTIONS:
        return CONVENTIONS[column]
    if match := STANDARD.fullmatch(column):
        return f"standard_{match[1].lower()}".replace("minumum", "minimum")
    match = PLAIN.fullmatch(column)
    name = match[1].lower().replace("premitted", "permitted") if match else ""
    return "" if name in LEFT_OUT else name


def goods(path: Path) -> None:
    """Write goods.csv: one row a good and a country."""
    source, rows = carry.Source(path), []
    for row in source.rows():
        country = source.country("Country_Name", row["Country_Name"])
        code = carry.commodity(ORES.get(row["good"], row["good"]))
        rows.append({
            "id": f"{country.lower()}-{carry.slug(row['good'])}",
            "country": country,
            "good": row["good"],
            "sector": row["sector"],
            "code": code if row["sector"] == "Mining" else "",
            "commodities": ";".join(carry.ours([code])) if row["sector"] == "Mining" else "",
            "child_labour": str(row["Child_Labor"] == "Yes").lower(),
            "forced_labour": str(row["Forced_Labor"] == "Yes").lower(),
        })  # fmt: skip
    carry.write(HERE / "goods.csv", list(rows[0]), rows)


def assessments(path: Path) -> None:
    """Write assessments.csv: one row a country, one column a field."""
    source, rows, columns = carry.Source(path), [], {}
    for row in source.rows():
        country = source.country("Name", row["Name"])
        told = {"country": country, "page": row["Webpage"]}
        for column, answer in row.items():
            if not (name := field(column)):
                continue
            columns[name] = None
            if name in COUNTED:
                told[name] = answer.replace(",", "") if re.fullmatch(r"[0-9,]+", answer) else ""
            else:
                told[name] = {"Yes": "true", "No": "false"}.get(answer, "")
        told["advancement"] = row["Advancement_Level"]
        if country and any(told.get(name) for name in columns):
            rows.append(told)
    carry.write(HERE / "assessments.csv", ["country", "page", "advancement", *columns], rows)


if __name__ == "__main__":
    goods(Path(sys.argv[1]) / "goods_by_country.csv")
    assessments(Path(sys.argv[1]) / "countries.csv")
