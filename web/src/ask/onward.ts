/** Ways onward from a query: downloads, a link that carries the revision, code in three languages. */

export const ROWS = ["csv", "tsv", "json", "xml", "arrow", "parquet"];
export const GRAPHS = ["ttl", "nt", "jsonld", "rdfxml", "trig", "nq"];

function parameters(query: string, revision: string, more: Record<string, string> = {}): string {
  return new URLSearchParams({ query, ...(revision ? { revision } : {}), ...more }).toString();
}

/** Where the answer in a format is. */
export function download(query: string, revision: string, format: string): string {
  return `/sparql?${parameters(query, revision, { format })}`;
}

/** A link that opens the same query at the same revision, in a view. */
export function share(query: string, revision: string, view = ""): string {
  const address = `/sparql?${parameters(query, revision)}`;
  return new URL(view ? `${address}#${view}` : address, location.href).href;
}

/** How long an address may be to be sent by GET. */
const LONG = 6000;

/** True where a query fits into an address. */
export const short = (query: string): boolean => encodeURIComponent(query).length < LONG;

/** Code that asks the same, by language. */
export function code(query: string, revision: string): Record<string, string> {
  const endpoint = new URL("/sparql", location.href).href;
  const at = revision ? `?revision=${encodeURIComponent(revision)}` : "";
  const quoted = query.trim().replace(/'/g, "'\\''");
  const python = query.trim().replace(/\\/g, "\\\\").replace(/"""/g, '\\"\\"\\"');
  const dashes = /\)(-*)"/.exec(query) ? "---" : "";
  return {
    Python: `import rskg

graph = rskg.open("${endpoint}")${revision ? `.revision(${JSON.stringify(/^\d+$/.test(revision) ? Number(revision) : revision)})` : ""}
result = graph.query("""
${python}
""")
frame = result.to_polars()
`,
    curl: `curl -H 'Accept: text/csv' \\
  --data-urlencode 'query=${quoted}' \\
  '${endpoint}${at}'
`,
    R: `library(httr2)
library(readr)

query <- r"${dashes}(
${query.trim()}
)${dashes}"
answer <- request("${endpoint}${at}") |>
  req_headers(Accept = "text/csv") |>
  req_body_form(query = query) |>
  req_perform()
frame <- read_csv(resp_body_string(answer))
`,
  };
}
