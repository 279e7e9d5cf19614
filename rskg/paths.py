"""Where the files are: in a checkout, or the copies that a wheel carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Files:
    """The folders that are the source of everything, under one root."""

    root: Path

    @property
    def ontology(self) -> Path:
        """Modules, alignments, external terms and rules."""
        return self.root / "ontology"

    @property
    def shapes(self) -> Path:
        """One class a file; `meta/` is about our own files."""
        return self.root / "shapes"

    @property
    def data(self) -> Path:
        """One dataset a folder."""
        return self.root / "data"

    @property
    def queries(self) -> Path:
        """One question a file."""
        return self.root / "queries"

    @property
    def examples(self) -> Path:
        """Valid and invalid documents, one class a folder."""
        return self.root / "examples"


def installed() -> Files:
    """The files of this installation: the wheel's copies, else the checkout around the package."""
    copies = PACKAGE / "files"
    return Files(copies if copies.is_dir() else PACKAGE.parent)
