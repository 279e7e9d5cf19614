"""What is wrong with a query: against the ontology before it runs, against the data when 0 rows."""

from rskg.linting.empty import reasons
from rskg.linting.lint import Finding, lint
from rskg.linting.probes import Asking
from rskg.linting.telling import told
from rskg.linting.vocabulary import Vocabulary

__all__ = ["Asking", "Finding", "Vocabulary", "lint", "reasons", "told"]
