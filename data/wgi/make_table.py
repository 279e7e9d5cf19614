"""Carry the governance estimates over: `python make_table.py FOLDER` writes wgi.csv here.

The source is 2020_Worldwide_Governance_Indicators_1996-2019.csv, in Windows-1252; dataset.ttl names
the commit and the checksum. One row of ours is a country and a year, with four columns for each of
the six dimensions, rounded to four decimals; what has no code in ISO 3166-1 is left out.
"""

import csv
import sys
from decimal import Decimal
from pathlib import Path

PREFIXES = {
    "VoiceandAccountability": "voice",
    "PoliticalStability": "stability",
    "GovernmentEffectiveness": "effectiveness",
    "RegulatoryQuality": "quality",
    "RuleofLaw": "law",
    "ControlofCorruption": "corruption",
}
MEASURES = {"": "Estimate", "_error": "StdErr", "_rank": "Rank", "_sources": "NumSrc"}
#: Codes of the source that are not those of ISO 3166-1.
OTHER_CODES = {"ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "WBG": "PSE", "ADO": "AND"}
#: The Netherlands Antilles (dissolved in 2010) and Kosovo have no code in ISO 3166-1.
LEFT_OUT = {"ANT", "KSV"}


def countries() -> dict[str, str]:
    """Alpha-2 codes by alpha-3 code, of the table of countries."""
    table = Path(__file__).parents[1] / "countries" / "countries.csv"
    with table.open(encoding="utf-8", newline="") as lines:
        return {row["alpha3"]: row["alpha2"] for row in csv.DictReader(lines)}


def rounded(figure: str) -> str:
    """A figure with four decimals at most; empty where there is none."""
    return f"{Decimal(figure):.4f}".rstrip("0").rstrip(".") if figure not in ("", "NA") else ""


def main(source: Path) -> None:
    """Write the table, by country and year."""
    codes = countries()
    found: dict[tuple[str, str], dict[str, str]] = {}
    with source.open(encoding="cp1252", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), 2):
            code = OTHER_CODES.get(row["Code"], row["Code"])
            if code in LEFT_OUT or row["Estimate"] in ("", "NA"):
                continue
            if code not in codes:
                label = row["Country/Territory"]
                sys.exit(
                    f"{source}:{number}: column Code: no country has the code {code} ({label})"
                )
            ours = found.setdefault(
                (codes[code], row["Year"]), {"country": codes[code], "year": row["Year"]}
            )
            prefix = PREFIXES[row["Indicator"]]
            for suffix, measure in MEASURES.items():
                ours[prefix + suffix] = rounded(row[measure])
    columns = [prefix + suffix for prefix in PREFIXES.values() for suffix in MEASURES]
    with Path(__file__).with_name("wgi.csv").open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, ["country", "year", *columns], "", lineterminator="\n")
        table.writeheader()
        table.writerows(found[key] for key in sorted(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "2020_Worldwide_Governance_Indicators_1996-2019.csv")
