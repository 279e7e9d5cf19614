"""What a check found and how it is told: one model, one module a format."""

from rskg.report.model import SEVERITIES, Fix, Place, Report, Result, merged
from rskg.report.text import as_json, as_text, sentences

__all__ = [
    "SEVERITIES",
    "Fix",
    "Place",
    "Report",
    "Result",
    "as_json",
    "as_text",
    "merged",
    "sentences",
]
