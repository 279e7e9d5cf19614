"""Tables for people who don't write RDF: a template for each class, made of the shapes.

A filled-in template is read back as triples, and each triple knows its cell.
"""

from rskg.templates.fields import Field, Template, said
from rskg.templates.filled import Filled, of_file
from rskg.templates.library import Templates, load
from rskg.templates.writing import to_csv, to_turtle, to_workbook

__all__ = [
    "Field",
    "Filled",
    "Template",
    "Templates",
    "load",
    "of_file",
    "said",
    "to_csv",
    "to_turtle",
    "to_workbook",
]
