"""What a wheel carries beside the package's files.

Of `data/` every dataset but those with a licence file of their own; what browsers run, where
`web/` was built.
"""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Contents(BuildHookInterface):
    """Others who build on the package shall not be bound by the licence of one dataset."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files and folders that go in, each with its place in the wheel."""
        if version != "standard":
            return
        built = "rskg/endpoint/static"
        if Path(self.root, built).is_dir():
            build_data["force_include"][str(Path(self.root, built))] = built
        for path in sorted(Path(self.root, "data").iterdir()):
            if not (path / "LICENSE").exists() and path.name != "__pycache__":
                build_data["force_include"][str(path)] = f"rskg/files/data/{path.name}"
