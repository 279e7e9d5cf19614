"""XSD datatypes as Arrow types: how texts become values, and values texts.

A column is converted only when each of its texts can be told from the value again, up to what
XSD calls the same value (`01` and `1`); otherwise it stays text, with its datatype beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from rskg.namespaces import XSD

INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer",
        "long",
        "int",
        "short",
        "byte",
        "nonNegativeInteger",
        "nonPositiveInteger",
        "positiveInteger",
        "negativeInteger",
        "unsignedLong",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
    )
)
NUMBERS = INTEGERS | {XSD + name for name in ("decimal", "double", "float")}
_DATE = r"\d{4}-\d\d-\d\d"
_TIME = r"\d\d:\d\d:\d\d(\.\d{1,6})?"
#: Arrow's widest decimal; digits before and behind the point.
_DIGITS = 38


@dataclass(frozen=True)
class Datatype:
    """How one datatype goes to Arrow (`read`, None when a text won't fit) and back (`write`)."""

    read: Callable[[pa.Array], pa.Array | None]
    write: Callable[[pa.Array], pa.Array]


def typed(texts: pa.Array, datatype: str) -> pa.Array:
    """The texts as values of their datatype, or unchanged where that would lose something."""
    known = _datatype(datatype)
    if known is None:
        return texts
    try:
        values = known.read(texts)
    except pa.ArrowInvalid:
        return texts
    return texts if values is None else values


def untyped(values: pa.Array, datatype: str) -> pa.Array:
    """The values as texts of their datatype."""
    known = _datatype(datatype)
    if known is None or pa.types.is_string(values.type):
        return values
    return known.write(values)


def _datatype(name: str) -> Datatype | None:
    return _INTEGER if name in INTEGERS else _OTHERS.get(name)


def _all(texts: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(texts, f"^(?:{pattern})$"), min_count=0).as_py())


def _text(values: pa.Array) -> pa.Array:
    return pc.cast(values, pa.string())


def _read_integers(texts: pa.Array) -> pa.Array | None:
    if _has(texts, "x", "X"):  # Arrow would read hexadecimal
        return None
    if _has(texts, "+"):
        texts = pc.replace_substring_regex(texts, r"^\+", "")
    return pc.cast(texts, pa.int64())


def _read_decimals(texts: pa.Array) -> pa.Array | None:
    if _has(texts, "e", "E"):  # no XSD decimal, but one that Arrow would read
        return None
    lengths, points = pc.binary_length(texts), pc.find_substring(texts, ".")
    pointed = pc.greater_equal(points, 0)
    behind = pc.if_else(pointed, pc.subtract(pc.subtract(lengths, points), 1), 0)
    signed = pc.cast(pc.or_(pc.starts_with(texts, "-"), pc.starts_with(texts, "+")), pa.int32())
    before = pc.subtract(pc.if_else(pointed, points, lengths), signed)
    scale = int(pc.max(behind).as_py() or 0)
    if scale + int(pc.max(before).as_py() or 0) > _DIGITS:
        return None
    return pc.cast(texts, pa.decimal128(_DIGITS, scale))


def _has(texts: pa.Array, *letters: str) -> bool:
    """True when a text has one of the letters."""
    found = (pc.any(pc.match_substring(texts, letter), min_count=0) for letter in letters)
    return any(each.as_py() for each in found)


def _digits(text: str) -> str:
    """Without zeros at the end; `Decimal.normalize` would round to 28 digits."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def _write_decimals(values: pa.Array) -> pa.Array:
    """XSD's decimals know no exponent, Arrow writes small ones with one."""
    return pa.array(
        [None if value is None else _digits(f"{value:f}") for value in values.to_pylist()],
        pa.string(),
    )


def _reading_floats(kind: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    return lambda texts: pc.cast(texts, kind)


def _write_floats(values: pa.Array) -> pa.Array:
    texts = _text(values)
    for ours, theirs in (("nan", "NaN"), ("-inf", "-INF"), ("inf", "INF")):
        texts = pc.if_else(pc.equal(texts, ours), theirs, texts)
    return texts


def _read_booleans(texts: pa.Array) -> pa.Array | None:
    if not _all(texts, "true|false|0|1"):
        return None
    return pc.or_(pc.equal(texts, "true"), pc.equal(texts, "1"))


def _read_dates(texts: pa.Array) -> pa.Array | None:
    return pc.cast(texts, pa.date32())  # takes no other form than YYYY-MM-DD


def _read_moments(texts: pa.Array) -> pa.Array | None:
    if _all(texts, f"{_DATE}T{_TIME}Z"):
        return pc.cast(texts, pa.timestamp("us", "UTC"))
    return pc.cast(texts, pa.timestamp("us")) if _all(texts, f"{_DATE}T{_TIME}") else None


def _write_moments(values: pa.Array) -> pa.Array:
    texts = pc.replace_substring(_text(pc.cast(values, pa.timestamp("us"))), " ", "T")
    return texts if values.type.tz is None else pc.binary_join_element_wise(texts, "Z", "")


def _read_years(texts: pa.Array) -> pa.Array | None:
    return pc.cast(texts, pa.int32()) if _all(texts, r"\d{4}") else None


def _write_years(values: pa.Array) -> pa.Array:
    return pc.utf8_lpad(_text(values), 4, "0")


_INTEGER = Datatype(_read_integers, _text)
_OTHERS = {
    XSD + "decimal": Datatype(_read_decimals, _write_decimals),
    XSD + "double": Datatype(_reading_floats(pa.float64()), _write_floats),
    XSD + "float": Datatype(_reading_floats(pa.float32()), _write_floats),
    XSD + "boolean": Datatype(_read_booleans, _text),
    XSD + "date": Datatype(_read_dates, _text),
    XSD + "dateTime": Datatype(_read_moments, _write_moments),
    XSD + "gYear": Datatype(_read_years, _write_years),
}
