"""The figures of bench/scale.py as a table and a picture in bench/README.md."""

from __future__ import annotations

import os
import platform
import re
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from sizes import Kept

_PANELS = {
    "made": "made, s",
    "peak": "most memory in it, MB",
    "resident": "memory at rest, MB",
    "p50": "questions' p50, ms",
    "p95": "questions' p95, ms",
    "commit": "commit of 1,000 triples, ms",
}
#: Colours and marks that are told apart without seeing colours.
_LOOKS = (("#0b5563", "o"), ("#c8501e", "s"), ("#6b4fa0", "^"))
_BETWEEN = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)


def write(folder: Path, kept: Kept) -> None:
    """Draw the growth, and put the table beside it."""
    draw(folder / "growth.svg", kept)
    page = folder / "README.md"
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    shown = f"![Growth](growth.svg)\n\n```\n{kept.table()}\n```\n\nMeasured with {machine}.\n"
    told = _BETWEEN.sub(lambda found: f"{found[1]}{shown}{found[2]}", page.read_text("utf-8"))
    page.write_text(told, encoding="utf-8")


def draw(path: Path, kept: Kept) -> None:
    """A panel for each figure, a line for each engine, triples along the bottom; both doubling."""
    mpl.rcParams.update({"svg.hashsalt": "rskg", "svg.fonttype": "none", "font.size": 9})
    picture, panels = pyplot.subplots(2, 3, figsize=(9.5, 5.2), layout="constrained")
    for panel, (name, title) in zip(panels.flat, _PANELS.items(), strict=True):
        for (engine, sizes), (colour, mark) in zip(kept.figures.items(), _LOOKS, strict=False):
            points = sorted(
                (told["triples"] / 1e6, told[name])
                for told in sizes.values()
                if told.get(name) is not None
            )
            if points:
                panel.plot(*zip(*points, strict=True), color=colour, marker=mark, label=engine)
        panel.set(title=title, xscale="log", yscale="log")
        panel.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        panel.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
        panel.xaxis.set_minor_formatter(lambda value, _: "")
        panel.grid(visible=True, which="major", color="#dddddd", linewidth=0.6)
        panel.spines[["top", "right"]].set_visible(False)
    picture.supxlabel("million triples")
    handles, labels = panels.flat[0].get_legend_handles_labels()
    picture.legend(handles, labels, loc="outside upper left", ncols=3, frameon=False)
    picture.savefig(path, metadata={"Date": None})
    pyplot.close(picture)
