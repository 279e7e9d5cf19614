"""Carry companies over: `python make_table.py FOLDER` writes form-sd.csv.

The folder holds companies_from_spreadsheet.json.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import carry


def main(path: Path) -> None:
    """Write the table, each number once, in the order of the numbers."""
    found = {}
    for company in json.loads(path.read_text(encoding="utf-8")):
        cik = company["cik"].strip().zfill(10)
        if company["name"].strip() and cik.isdigit():
            found.setdefault(cik, company["name"].strip())
    rows = [{"cik": cik, "name": found[cik]} for cik in sorted(found)]
    carry.write(Path(__file__).with_name("form-sd.csv"), ["cik", "name"], rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]) / "companies_from_spreadsheet.json")
