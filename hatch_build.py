"""What of `data/` a wheel carries: every dataset but those with a licence file of their own."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Datasets(BuildHookInterface):
    """Others who build on the package shall not be bound by the licence of one dataset."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files and folders that go in, each with its place in the wheel."""
        if version != "standard":
            return
        for path in sorted(Path(self.root, "data").iterdir()):
            if not (path / "LICENSE").exists() and path.name != "__pycache__":
                build_data["force_include"][str(path)] = f"rskg/files/data/{path.name}"
