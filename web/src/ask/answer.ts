/** A query asked of the endpoint, and what came back. */
import type { Row, Term } from "./terms";

export interface Problem {
  title: string;
  detail: string;
  status: number;
  line?: number;
  column?: number;
  budget?: string;
  limit?: number;
  used?: number;
}
export interface Used {
  seconds: number;
  rows: number;
  bytes: number;
  /** Of the query, in bytes, where it lasted long enough to be measured. */
  memory: number | null;
}
export interface Rows {
  form: "rows";
  columns: string[];
  rows: Row[];
}
export interface Triples {
  form: "triples";
  columns: string[];
  rows: Row[];
}
export interface Truth {
  form: "truth";
  value: boolean;
}
export type Found = Rows | Triples | Truth;
export interface Answer {
  found: Found;
  used: Used;
  revision: string;
  query: string;
}

const ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9";

/** Ask; a Problem is thrown as it is. */
export async function ask(
  query: string,
  revision: string,
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const began = performance.now();
  const address = revision ? `/sparql?revision=${encodeURIComponent(revision)}` : "/sparql";
  const response = await fetch(address, {
    method: "POST",
    headers: { Accept: ACCEPT, "Content-Type": "application/sparql-query" },
    body: query,
    signal,
  });
  const text = await response.text();
  if (!response.ok) throw problem(response, text);
  const seconds = (performance.now() - began) / 1000;
  const found = read(response.headers.get("Content-Type") ?? "", text);
  const rows = found.form === "truth" ? 1 : found.rows.length;
  return {
    found,
    used: { seconds, rows, bytes: new Blob([text]).size, memory: memory(response) },
    revision: response.headers.get("Revision") ?? revision,
    query,
  };
}

function memory(response: Response): number | null {
  const told = response.headers.get("Memory-Used");
  return told === null ? null : Number(told);
}

function problem(response: Response, text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { title: response.statusText, detail: text.slice(0, 300), status: response.status };
  }
}

function read(type: string, text: string): Found {
  if (!type.startsWith("application/sparql-results+json")) return triples(text);
  const said = JSON.parse(text) as {
    boolean?: boolean;
    head: { vars?: string[] };
    results?: { bindings: Row[] };
  };
  if (said.boolean !== undefined) return { form: "truth", value: said.boolean };
  return { form: "rows", columns: said.head.vars ?? [], rows: said.results?.bindings ?? [] };
}

const TERM = /<([^>]*)>|_:(\S+)|"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?/g;

/** N-Triples as rows of subject, predicate and object. */
export function triples(text: string): Triples {
  const rows: Row[] = [];
  for (const line of text.split("\n")) {
    const [subject, predicate, object] = [...line.matchAll(TERM)].map(term);
    if (subject && predicate && object) rows.push({ subject, predicate, object });
  }
  return { form: "triples", columns: ["subject", "predicate", "object"], rows };
}

function term([, iri, blank, text, language, datatype]: RegExpMatchArray): Term {
  if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  const made: Term = { type: "literal", value: unescaped(text ?? "") };
  if (language) made["xml:lang"] = language;
  if (datatype) made.datatype = datatype;
  return made;
}

const SIGNS: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function unescaped(text: string): string {
  return text.replace(
    /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g,
    (_, four?: string, eight?: string, one?: string) =>
      one !== undefined
        ? (SIGNS[one] ?? one)
        : String.fromCodePoint(Number.parseInt(four ?? eight ?? "", 16)),
  );
}
