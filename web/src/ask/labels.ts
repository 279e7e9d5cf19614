/** The labels of things in the reader's language, asked by one query and kept. */
import { language } from "../words";
import { ask } from "./answer";
import { BASE, type Row } from "./terms";

/** How many things are asked for at once. */
const MOST = 400;
const known = new Map<string, string>();

/** The label of a thing, if it was asked for. */
export const labelOf = (iri: string): string | undefined => known.get(iri);

/** Learn the labels of the things of ours among some rows; nothing is said where that fails. */
export async function learn(rows: Row[], revision: string): Promise<void> {
  const iris = new Set<string>();
  for (const row of rows) {
    for (const term of Object.values(row)) {
      if (iris.size >= MOST) break;
      if (term?.type === "uri" && term.value.startsWith(BASE) && !known.has(term.value))
        iris.add(term.value);
    }
  }
  const safe = [...iris].filter((iri) => !/[<>"{}|^`\\\s]/.test(iri));
  if (!safe.length) return;
  const query = `PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?thing ?name { VALUES ?thing { ${safe.map((iri) => `<${iri}>`).join(" ")} }
  ?thing rdfs:label|skos:prefLabel|dcterms:title ?name
  FILTER(LANG(?name) IN ("${language}", "en", "")) }`;
  try {
    const { found } = await ask(query, revision);
    if (found.form !== "rows") return;
    const grade = (row: Row) => (row.name?.["xml:lang"] === language ? 1 : 0);
    for (const row of [...found.rows].sort((a, b) => grade(a) - grade(b)))
      if (row.thing && row.name) known.set(row.thing.value, row.name.value);
  } catch {
    // The IRIs themselves are shown.
  }
}
