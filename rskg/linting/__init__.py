"""What is wrong with a query before it runs: against the ontology alone, no store needed."""

from rskg.linting.lint import Finding, lint
from rskg.linting.vocabulary import Vocabulary

__all__ = ["Finding", "Vocabulary", "lint"]
