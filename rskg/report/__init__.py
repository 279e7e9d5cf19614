"""What a check found and how it is told: one model, one module a format."""

from rskg.report.model import SEVERITIES, Branch, Fix, Place, Report, Result, merged
from rskg.report.paths import shacl_path
from rskg.report.text import sentences
from rskg.report.writing import FORMATS, Request, requested, write

__all__ = [
    "FORMATS",
    "SEVERITIES",
    "Branch",
    "Fix",
    "Place",
    "Report",
    "Request",
    "Result",
    "merged",
    "requested",
    "sentences",
    "shacl_path",
    "write",
]
