"""The notebooks run from top to bottom, and their figures stand on their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rskg
from rskg.paths import Files
from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

#: Runs the notebooks named on its command line, and tells the texts of each one's figures.
PROGRAM = """
import json, sys
from pathlib import Path
import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
shell, told = InteractiveShell.instance(), {}
for path in map(Path, sys.argv[1:]):
    shell.reset(new_session=False)
    plt.close("all")
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            ran = shell.run_cell("".join(cell["source"]))
            ran.raise_error()
            if type(ran.result).__name__ == "Evidence":
                told.setdefault(path.stem + " evidence", []).append(len(ran.result))
    told[path.stem] = []
    for number in plt.get_fignums():
        figure = plt.figure(number)
        figure.canvas.draw()
        titles = [figure.get_suptitle(), *(axes.get_title("left") for axes in figure.axes)]
        told[path.stem].append({"titles": titles, "words": [t.get_text() for t in figure.texts]})
print("\\n" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def figures(store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("notebooks")
    environment = {
        "RSKG_STORE": str(store),
        "MPLBACKEND": "Agg",
        "IPYTHONDIR": str(folder),
        "MPLCONFIGDIR": str(folder),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *map(str, NOTEBOOKS)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_there_are_four() -> None:
    assert len(NOTEBOOKS) >= 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_figures_say_what_they_show(
    path: Path, figures: dict[str, Any]
) -> None:
    drawn = figures[path.stem]
    assert drawn
    for figure in drawn:
        title = next(title for title in figure["titles"] if title)
        assert any(letter.isdigit() for letter in title), "the finding, as the data gives it"
        assert any(words.startswith("rskg revision 1; query sha256:") for words in figure["words"])


def test_the_network_leaves_out_what_the_question_calls_alone(
    figures: dict[str, Any], store: Path
) -> None:
    """The notebook and the question count the same instruments without a link."""
    (figure,) = figures["the-standalone-problem"]
    alone = len(rskg.open(store).ask("standalone-instruments"))
    title = next(title for title in figure["titles"] if title)
    assert title.startswith(f"{alone} of ")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_the_statements_behind_its_numbers(
    path: Path, figures: dict[str, Any]
) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    shown = [cell for cell in cells if ".evidence(" in "".join(cell["source"])]
    assert shown
    assert len(figures[f"{path.stem} evidence"]) == len(shown)
    assert all(figures[f"{path.stem} evidence"]), "each has rows"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path, files: Files) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert not any(str(files.root) in "".join(cell["source"]) for cell in cells)
