"""What JUnit XML may hold: the elements and attributes that Surefire writes and Jenkins reads.

After the structure that Jenkins' xUnit plugin checks a report by (its model `junit-10`); in our
own words, since no common schema is published with a licence to keep it here.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element


@dataclass(frozen=True)
class Rule:
    """What an element must and may have; `text` where it may hold words."""

    needs: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    children: frozenset[str] = frozenset()
    text: bool = False


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAID = Rule(may=_names("message type"), text=True)
_COUNTS = _names("tests failures errors skipped")
RULES = {
    "testsuites": Rule(may=_names("name time tests failures errors"), children=_names("testsuite")),
    "testsuite": Rule(
        needs=_names("name tests failures errors"),
        may=_names("group time skipped timestamp hostname id package file log url"),
        children=_names("testsuite properties testcase system-out system-err"),
    ),
    "testcase": Rule(
        needs=_names("name"),
        may=_names("time classname group"),
        children=_names("skipped error failure system-out system-err"),
    ),
    "properties": Rule(children=_names("property")),
    "property": Rule(needs=_names("name value")),
    "failure": _SAID,
    "error": _SAID,
    "skipped": _SAID,
    "system-out": Rule(text=True),
    "system-err": Rule(text=True),
}


def faults(element: Element) -> list[str]:
    """What is wrong with an element itself, each in a few words."""
    rule = RULES.get(element.tag)
    if rule is None:
        return [f"no element {element.tag}"]
    has = frozenset(element.keys())
    found = [f"{element.tag} lacks {name}" for name in sorted(rule.needs - has)]
    found += [f"{element.tag} has {name}" for name in sorted(has - rule.needs - rule.may)]
    found += [f"{element.tag} holds {c.tag}" for c in element if c.tag not in rule.children]
    found += [
        f"{name} is no number"
        for name in sorted(has & _COUNTS)
        if element.tag.startswith("testsuite") and not (element.get(name) or "").isdecimal()
    ]
    words = (element.text or "") + "".join(child.tail or "" for child in element)
    if words.strip() and not rule.text:
        found.append(f"{element.tag} holds words")
    return found
