/** RDF terms as results hold them, and how they are worded. */
export interface Term {
  type: "uri" | "literal" | "bnode" | "triple";
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}
export type Row = Record<string, Term | undefined>;
export type Prefixes = Record<string, string>;

export const BASE = "https://w3id.org/rskg/";
const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = /(?:integer|decimal|double|float|int|long|short|byte|Integer)$/;

/** An IRI by its prefix, else as it is. */
export function brief(iri: string, prefixes: Prefixes): string {
  let best = "";
  let name = "";
  for (const [prefix, start] of Object.entries(prefixes)) {
    if (iri.startsWith(start) && start.length > best.length) [best, name] = [start, prefix];
  }
  const rest = iri.slice(best.length);
  return best && /^[\w.\-/]*$/.test(rest) ? `${name}:${rest}` : iri;
}

/** Where a thing's page is: our IRIs open at this very server. */
export function address(iri: string): string | null {
  if (iri.startsWith(BASE)) return `/${iri.slice(BASE.length)}`;
  return /^https?:/.test(iri) ? iri : null;
}

/** The number that a literal holds, if it does. */
export function numberOf(term: Term | undefined): number | null {
  if (term?.type !== "literal" || !term.datatype?.startsWith(XSD)) return null;
  if (!NUMBERS.test(term.datatype)) return null;
  const number = Number(term.value);
  return Number.isFinite(number) ? number : null;
}

/** The day that a date, a moment, a month or a year begins with. */
export function dayOf(term: Term | undefined): Date | null {
  if (term?.type !== "literal" || !/(?:date|dateTime|gYear|gYearMonth)$/.test(term.datatype ?? ""))
    return null;
  const day = new Date(term.value);
  return Number.isNaN(day.getTime()) ? null : day;
}
