"""What the scripts beside the tables share: countries by name, commodities by name, tonnes.

Each script is run by `rskg fetch DATASET`, or by hand as `python data/<dataset>/make_table.py FOLDER`,
where the folder holds the source files under their own names; no build needs it. What
isn't known ends the run with file, row, column and a sentence.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent

#: Names of countries that are neither the M49 nor the CLDR ones.
OTHER_NAMES = {
    "Burma": "MM", "Congo, DRC": "CD", "Congo, Democratic Republic of the": "CD",
    "Congo, Republic of the": "CG", "Cote d'Ivoire": "CI", "Côte d'Ivoire": "CI",
    "Czech Republic": "CZ", "Democratic Republic of Congo": "CD",
    "Falkland Islands (Islas Malvinas)": "FK", "Kingdom of Saudi Arabia": "SA", "Korea": "KR",
    "Kyrgyz Republic": "KG", "Macedonia": "MK", "Republic of the Congo": "CG",
    "Saint Helena, Ascension, and Tristan da Cunha": "SH", "Slovak Republic": "SK",
    "Swaziland": "SZ", "São Tomé and Príncipe": "ST", "The Gambia": "GM", "Turkey": "TR",
    "Turkey (Türkiye)": "TR", "United Kingdom": "GB", "United States": "US",
    "Wallis and Futuna": "WF", "West Bank and the Gaza Strip": "PS",
}  # fmt: skip
#: Names of places without a code in ISO 3166-1, and of what is no country.
NO_CODE = {"Kosovo", "World"}

#: Names of commodities whose code in the CGI list differs from the name in lower case.
OTHER_CODES = {
    "ag": "silver", "au": "gold", "barium": "barium", "bopper": "copper", "borates": "borate",
    "cadimium": "cadmium", "cadmiuum": "cadmium", "caesium": "cesium", "cerium": "cerium",
    "chormite": "chromite", "co": "cobalt", "copper cathode": "copper",
    "copper cathodes": "copper", "copper (in sulphate)": "copper", "diamonds": "diamond",
    "ferrochrome": "chromium", "ferromanganese": "manganese", "ferromolybdenum": "molybdenum",
    "ferronickel": "nickel", "ferroniobium": "niobium", "ferrosilicon": "silicon",
    "ferrosilicon manganese": "manganese", "fluorspar": "fluorite",
    "heavy mineral sands": "heavy-mineral-sand", "iron ore": "iron-ore",
    "lanthanides": "rare-earth-element", "li2o": "lithium-oxide",
    "metallurgical coal": "black-coal", "pb": "lead", "pd": "palladium", "pgm": "platinum-group",
    "pgm (palladium, platinum, rhodium, ruthenium, iridium)": "platinum-group",
    "phosphate": "phosphate-rock", "phosphates": "phosphate-rock",
    "platinum group elements": "platinum-group", "platinum group metals": "platinum-group",
    "potassium sulfate": "potassium-sulfate", "pt": "platinum", "silicomanganese": "manganese",
    "steel": "iron", "sulfur": "sulphur", "ta2o5": "tantalum-pentoxide", "thermal coal": "coal",
    "uranium oxide": "uranium-oxide", "zicron": "zircon", "aresnic": "arsenic",
}  # fmt: skip
#: Our own commodity for codes of the CGI list.
OURS = {
    **{code: code for code in (
        "aluminium", "coal", "cobalt", "copper", "gemstones", "gold", "graphite", "lead",
        "lithium", "manganese", "mica", "molybdenum", "nickel", "niobium", "silicon", "silver",
        "tantalum", "tin", "tungsten", "zinc",
    )},
    **dict.fromkeys(("alumina", "bauxite"), "aluminium"),
    **dict.fromkeys(("anthracite", "black-coal", "brown-coal"), "coal"),
    **dict.fromkeys(("diamond", "diamond-gemstone"), "diamonds"),
    **dict.fromkeys(("emerald", "jade", "opal", "ruby", "sapphire", "tanzanite"), "gemstones"),
    **dict.fromkeys(("iron", "iron-ore"), "iron-steel"),
    **dict.fromkeys(("lithium-oxide", "spodumene"), "lithium"),
    "manganese-ore": "manganese", "tantalum-pentoxide": "tantalum",
    **dict.fromkeys(("iridium", "osmium", "palladium", "platinum", "platinum-group", "rhodium",
                     "ruthenium"), "pgm"),
    **dict.fromkeys(("cerium", "europium", "lanthanum", "monazite", "neodymium", "praseodymium",
                     "rare-earth-element", "terbium", "thulium", "yttrium"), "rare-earths"),
}  # fmt: skip

#: Tonnes in one of each unit. Ounces are troy ounces: the sources use them for precious metals.
TROY_OUNCE, POUND, CARAT = Decimal("0.0000311034768"), Decimal("0.00045359237"), Decimal("2e-7")
_BASES = {
    **dict.fromkeys(("t", "dmt", "tons", "tonnes", "metric tons", "metric tonnes"), Decimal(1)),
    **dict.fromkeys(("kg", "kilogram", "kilograms"), Decimal("0.001")),
    **dict.fromkeys(("oz", "ozt", "ounces", "troy oz", "troy ounces", "fine ounces",
                     "recoverable ounces"), TROY_OUNCE),
    **dict.fromkeys(("lbs", "pounds", "recoverable pounds"), POUND),
    "carats": CARAT,
}  # fmt: skip
_TIMES = {"": 1, "000 ": 10**3, "000s ": 10**3, "thousand ": 10**3, "thousands of ": 10**3,
          "k": 10**3, "million ": 10**6, "millions ": 10**6, "millions of ": 10**6,
          "billion ": 10**9}  # fmt: skip
UNITS = {times + base: factor * many for base, factor in _BASES.items()
         for times, many in _TIMES.items()}  # fmt: skip


class Source:
    """A file that is read row by row, so that an error can say where it is."""

    def __init__(self, path: Path, encoding: str = "utf-8-sig") -> None:
        self.path, self.row, self._encoding = path, 1, encoding

    def rows(self) -> Iterator[dict[str, str]]:
        """The rows, each cell without the blanks around it."""
        try:
            with self.path.open(encoding=self._encoding, newline="") as lines:
                for self.row, row in enumerate(csv.DictReader(lines), 2):
                    yield {(name or "").strip(): (cell or "").strip() for name, cell in row.items()}
        except UnicodeDecodeError as error:
            sys.exit(f"{self.path}: this is no {self._encoding} text: {error}")

    def fail(self, column: str, sentence: str) -> None:
        """End the run, with the place."""
        sys.exit(f"{self.path}: row {self.row}, column {column}: {sentence}")

    def country(self, column: str, label: str) -> str:
        """The alpha-2 code of a country; empty for a place without one."""
        code = COUNTRIES.get(label.casefold())
        if code is None and label not in NO_CODE:
            self.fail(column, f"no country is known by the name `{label}`")
        return code or ""

    def degrees(self, column: str, cell: str, most: int) -> str:
        """A longitude (at most 180) or a latitude (at most 90), in ASCII."""
        told = cell.replace("\N{MINUS SIGN}", "-")
        if told and not (re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", told) and abs(float(told)) <= most):
            self.fail(column, f"`{cell}` is no number of degrees up to {most}")
        return told

    def tonnes(self, column: str, figure: str, unit: str) -> str:
        """A figure in tonnes."""
        factor = UNITS.get(unit.casefold().strip())
        if factor is None:
            self.fail(column, f"no unit is known by the name `{unit}`")
        return plain(Decimal(figure) * Decimal(factor or 1))


def _countries() -> dict[str, str]:
    found = {name.casefold(): code for name, code in OTHER_NAMES.items()}
    for row in Source(HERE / "countries" / "countries.csv").rows():
        found |= {row[name].casefold(): row["alpha2"] for name in ("name_en", "short_name_en")}
    return found


def commodity(label: str) -> str:
    """The code of a commodity in the CGI list; empty where it has none."""
    name = label.strip().casefold()
    code = OTHER_CODES.get(name, name.replace(" ", "-"))
    return code if code in CODES else ""


def within(label: str) -> str:
    """The code of a metal that a longer name contains, as in `Copper concentrate`; else empty."""
    words = re.split(r"[^a-z]+", label.casefold())
    named = [each for each in dict.fromkeys(map(commodity, words)) if each]
    return named[0] if len(named) == 1 else ""


def ours(codes: Iterable[str]) -> list[str]:
    """Our own commodities for codes of the CGI list, each once."""
    return list(dict.fromkeys(OURS[code] for code in codes if code in OURS))


def _codes() -> set[str]:
    path = HERE / "cgi" / "cgi.csv"
    rows = Source(path).rows() if path.exists() else ()
    return {row["code"] for row in rows if row["list"] == "commodity-code"}


def plain(figure: Decimal) -> str:
    """A number with ten significant digits at most, and no exponent."""
    text = f"{Decimal(f'{figure:.10g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def slug(text: str) -> str:
    """A name as part of an address."""
    folded = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")


def write(path: Path, columns: list[str], rows: Iterable[dict[str, str]]) -> None:
    """Write a table of ours."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, columns, "", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


COUNTRIES = _countries()
CODES = _codes()
