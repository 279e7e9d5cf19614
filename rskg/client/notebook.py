"""`%load_ext rskg`: SPARQL in notebook cells, answered by the built store or an endpoint.

%rskg [STORE|URL]      choose what cells ask (default: the built store)
%%sparql [NAME]        answer the cell; with a name, keep the result in that variable
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from rskg import client
from rskg.client.knowledge_graph import KnowledgeGraph
from rskg.client.result import Result


class Cells:
    """What the cells of one notebook ask."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._graph: KnowledgeGraph | None = None

    def choose(self, line: str) -> KnowledgeGraph:
        """`%rskg [STORE|URL]`."""
        self._graph = client.open(line.strip() or None)
        return self._graph

    def ask(self, line: str, cell: str) -> Result | None:
        """`%%sparql [NAME]`."""
        found = (self._graph or self.choose("")).query(cell)
        if not line.strip():
            return found
        self._shell.push({line.strip(): found})
        return None


def load_ipython_extension(shell: InteractiveShell) -> None:
    """What `%load_ext rskg` calls."""
    cells = Cells(shell)
    shell.register_magic_function(cells.choose, "line", "rskg")
    shell.register_magic_function(cells.ask, "cell", "sparql")
