/** Where in a query one is writing, and what its variables are: enough of SPARQL to complete. */
import type { Prefixes } from "./terms";

export const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
export type Place = "subject" | "predicate" | "object" | "elsewhere";
interface Triple {
  subject: string;
  predicate: string;
  object: string;
}
export interface Context {
  place: Place;
  subject: string;
  predicate: string;
}

const TOKEN =
  /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>"{}|^`\\\s]*>|[?$]\w+|(?:[\w-][\w.-]*)?:(?:[\w.\-%/]*[\w\-%/])?|\w[\w-]*|\^\^|[.;,{}()[\]|/^*+!=<>@&-]/g;
const KEYWORD =
  /^(?:select|where|filter|optional|union|graph|minus|bind|values|service|group|order|having|limit|offset|by|construct|describe|ask|distinct|reduced|as|exists|not|from|named|in|prefix|base)$/i;

/** The prefixes that a query declares. */
export function declared(query: string): Prefixes {
  const found: Prefixes = {};
  for (const [, name, iri] of query.matchAll(/PREFIX\s+([\w.-]*):\s*<([^>]*)>/gi))
    found[name ?? ""] = iri ?? "";
  return found;
}

/** Follows triples as they are written; what it can't follow, it leaves out. */
class Walk {
  triples: Triple[] = [];
  private slots: string[] = [];
  private outer: string[][] = [];
  private blanks = 0;
  private depth = 0;
  private inside = 0;
  private path = false;

  constructor(private readonly prefixes: Prefixes) {}

  context(): Context {
    const [subject = "", predicate = ""] = this.slots;
    const places: Place[] = ["subject", "predicate", "object"];
    const place = this.path ? "predicate" : (places[this.slots.length] ?? "elsewhere");
    const known = this.inside > 0 && this.depth === 0 ? place : "elsewhere";
    return { place: known, subject, predicate };
  }

  take(token: string): void {
    if (token.startsWith("#")) return;
    if (token === "(") this.depth += 1;
    else if (token === ")") this.depth = Math.max(0, this.depth - 1);
    if (this.depth > 0) return;
    if (token === "{" || token === "}") {
      this.inside += token === "{" ? 1 : -1;
      this.slots = [];
      this.outer = [];
    } else if (token === ".") this.slots = [];
    else if (token === ";") this.slots = this.slots.slice(0, 1);
    else if (token === ",") this.slots = this.slots.slice(0, 2);
    else if (token === "[") {
      this.blanks += 1;
      const blank = `[${this.blanks}`;
      this.term(blank);
      this.outer.push(this.slots);
      this.slots = [blank];
    } else if (token === "]") this.slots = this.outer.pop() ?? [];
    else if (this.slots.length >= 1 && /^[/|^*+!]$/.test(token)) this.path = /^[/|^!]$/.test(token);
    else if (KEYWORD.test(token)) this.slots = [];
    else if (/^[<?$"'\w:]/.test(token)) this.term(this.iri(token));
  }

  private term(term: string): void {
    if (this.path) {
      this.path = false;
      this.slots = [this.slots[0] ?? "", ""];
      return;
    }
    this.slots.push(term);
    if (this.slots.length < 3) return;
    const [subject = "", predicate = "", object = ""] = this.slots;
    this.triples.push({ subject, predicate, object });
  }

  private iri(token: string): string {
    if (token === "a" && this.slots.length === 1) return TYPE;
    if (token.startsWith("<")) return token.slice(1, -1);
    const colon = token.indexOf(":");
    if (/^[?$"']/.test(token) || colon < 0) return token.replace(/^\$/, "?");
    const start = this.prefixes[token.slice(0, colon)];
    return start === undefined ? token : start + token.slice(colon + 1);
  }
}

/** Where the end of `before` is, with the classes that the whole query gives its subject. */
export function contextOf(
  before: string,
  after: string,
  prefixes: Prefixes,
): Context & { classes: string[] } {
  const here = new Walk(prefixes);
  for (const [token] of before.matchAll(TOKEN)) here.take(token);
  const context = here.context();
  const whole = new Walk(prefixes);
  for (const text of [before, `${context.place === "subject" ? "" : " ?_ "}${after}`])
    for (const [token] of text.matchAll(TOKEN)) whole.take(token);
  const classes = whole.triples
    .filter((each) => each.subject === context.subject && each.predicate === TYPE)
    .map((each) => each.object);
  return { ...context, classes: [...new Set(classes)] };
}
