/** A check asked of the server: what is sent, the report that comes back, or a problem. */
import { language } from "../words";

/** A stretch of a document: lines and columns count from 1, columns in Unicode characters. */
export interface Place {
  path: string;
  line: number;
  column: number | null;
  end_line: number | null;
  end_column: number | null;
  cell: string | null;
}
export interface Fix {
  sentence: string;
  place: Place;
  text: string;
}
export interface Branch {
  name: string;
  holds: boolean;
  sentence: string;
  results: Result[];
}
export type Severity = "Violation" | "Warning" | "Info";
export interface Result {
  focus: string;
  path: string | null;
  value: string | null;
  component: string;
  severity: Severity;
  shape: string;
  messages: string[];
  place: Place | null;
  explanation: string | null;
  fix: Fix | null;
  branches: Branch[];
}
export interface Report {
  conforms: boolean;
  results: Result[];
  coverage: { shapes: number; focusNodes: number };
  notes: string[];
}
export interface Problem {
  title: string;
  detail: string;
  status: number;
  file?: string;
  line?: number;
  column?: number;
}

/** A document that was typed or dropped: its text, or the file alone where that can't be shown. */
export interface Sheet {
  /** As the reports name it; "" for what was typed. */
  name: string;
  text: string | null;
  file: Blob | null;
}

/** What the server makes of a file's name. */
export function cleaned(name: string, taken: string[]): string {
  const clean =
    name
      .replace(/[^\w.-]/g, "_")
      .replace(/^\.+/, "")
      .slice(-80) || "document";
  let free = clean;
  for (let number = 2; taken.includes(free); number += 1) free = `${number}-${clean}`;
  return free;
}

/** The form of the page with these documents, as it is sent. */
export function body(form: HTMLFormElement, sheets: Sheet[], report: string): FormData {
  const sent = new FormData();
  for (const sheet of sheets) {
    if (sheet.name) sent.append("document", sheet.file ?? new Blob([sheet.text ?? ""]), sheet.name);
    else sent.append("document", sheet.text ?? "");
  }
  const filled = new FormData(form);
  for (const name of ["shapes", "fail-on"])
    for (const value of filled.getAll(name))
      if (typeof value === "string" || value.size) sent.append(name, value);
  sent.append("report", report);
  return sent;
}

/** Ask for a report; a Problem is thrown as it is. */
export async function asked(sent: FormData, signal: AbortSignal | null = null): Promise<Blob> {
  const response = await fetch("/validate", {
    method: "POST",
    headers: { Accept: "application/problem+json" },
    body: sent,
    signal,
  });
  if (response.ok) return response.blob();
  const text = await response.text();
  throw problem(response, text);
}

function problem(response: Response, text: string): Problem {
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return { title: response.statusText, detail: text.slice(0, 300), status: response.status };
  }
}

/** What a shape says of a result: in French where a shape of ours says it in both languages. */
export function sentence(result: Result): string {
  const [english, other] = result.messages;
  if (language === "fr" && other && result.messages.length === 2) return other;
  return english ?? result.component;
}

/** How terms are shown: by the prefixes that the documents declare. */
export type Short = (term: string) => string;

export function shortener(sheets: Sheet[]): Short {
  const starts = new Map<string, string>();
  for (const sheet of sheets)
    for (const [, name, start] of (sheet.text ?? "").matchAll(PREFIX))
      if (start) starts.set(start, name ?? "");
  return (term) =>
    term.replace(/<([^<>\s]+)>/g, (whole, iri: string) => {
      const cut = Math.max(iri.lastIndexOf("#"), iri.lastIndexOf("/")) + 1;
      const name = starts.get(iri.slice(0, cut));
      return name === undefined ? whole : `${name}:${iri.slice(cut)}`;
    });
}

const PREFIX = /@?prefix\s+([\w.-]*):\s*<([^<>\s]+)>/gi;
