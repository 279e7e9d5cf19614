"""Tables with their types: SPARQL results as Arrow, without a loss, and back.

`table_of` reads the engine's TSV, in which every term is written out (SPARQL 1.1 Query Results
CSV and TSV Formats, 4), and `Blocks` does so while it is written; `tsv_of` writes it again. What
a column holds stands in its metadata: `kind` (resource, literal, mixed), `datatype`, `language`.
Needs the `frames` extra (pyarrow).
"""

from rskg.tables.blocks import Blocks
from rskg.tables.reading import plain, table_of
from rskg.tables.writing import parquet, stream, tsv_of

#: By the short names of formats.
WRITERS = {"arrow": stream, "parquet": parquet}

__all__ = ["WRITERS", "Blocks", "parquet", "plain", "stream", "table_of", "tsv_of"]
