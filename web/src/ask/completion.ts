/** What may come next in a query, from what the graph holds: the server counts it by class. */
import { language } from "../words";
import { contextOf, declared, TYPE } from "./context";
import { brief, type Prefixes } from "./terms";

type Known = [iri: string, label: string, number: number];
export interface Vocabulary {
  prefixes: Prefixes;
  classes: Known[];
  properties: Known[];
  /** By the place of a class: the place of each property that its things have, and how often. */
  fits: Record<string, [place: number, number: number][]>;
}
export interface Offer {
  iri: string;
  text: string;
  label: string;
  number: number;
  /** The prefix that the query must declare for the text, with its IRI. */
  prefix: [string, string] | null;
}

const MOST = 60;

/** What the server knows of one revision. */
export async function vocabulary(revision: string): Promise<Vocabulary> {
  const query = new URLSearchParams({ lang: language, ...(revision ? { revision } : {}) });
  const response = await fetch(`/completions?${query}`);
  if (!response.ok) throw new Error(`completions: ${response.status}`);
  return (await response.json()) as Vocabulary;
}

/** The offers at the end of `before`, whose last word is `word`. */
export function offers(words: Vocabulary, before: string, word: string, after: string): Offer[] {
  if (/^[?$]/.test(word)) return variables(word, before + after);
  const own = declared(before + after);
  const context = contextOf(before, after, { ...words.prefixes, ...own });
  const wanted = candidates(words, context);
  if (!wanted) return [];
  const prefixes = { ...words.prefixes, ...own };
  const found: [number, Offer][] = [];
  for (const [iri, label, number] of wanted) {
    const text = brief(iri, prefixes);
    const grade = match(word, text, label);
    if (grade === 0) continue;
    const name = text.slice(0, text.indexOf(":"));
    const start = text === iri || name in own ? undefined : words.prefixes[name];
    const prefix: Offer["prefix"] = start === undefined ? null : [name, start];
    found.push([grade, { iri, text: text === iri ? `<${iri}>` : text, label, number, prefix }]);
  }
  return found
    .sort((a, b) => b[0] - a[0])
    .slice(0, MOST)
    .map(([, offer]) => offer);
}

/** The other variables of the query that begin so. */
function variables(word: string, query: string): Offer[] {
  const all = new Set([...query.matchAll(/[?$](\w+)/g)].map(([, name]) => `?${name}`));
  const begun = `?${word.slice(1)}`;
  return [...all]
    .filter((each) => each.startsWith(begun))
    .map((text) => ({ iri: "", text, label: "", number: 0, prefix: null }));
}

function candidates(
  words: Vocabulary,
  context: ReturnType<typeof contextOf>,
): readonly Known[] | null {
  if (context.place === "object") return context.predicate === TYPE ? words.classes : null;
  if (context.place !== "predicate") return null;
  const places = context.classes.map((iri) => words.classes.findIndex(([each]) => each === iri));
  const fitting = places.map((place) => words.fits[place]).filter((each) => each !== undefined);
  if (!fitting.length) return words.properties;
  const [first = [], ...others] = fitting;
  return first
    .filter(([place]) => others.every((each) => each.some(([other]) => other === place)))
    .flatMap(([place, number]): Known[] => {
      const known = words.properties[place];
      return known ? [[known[0], known[1], number]] : [];
    });
}

/** How well a word begins or names a term: 0 not at all. Ties keep the order of frequency. */
function match(word: string, text: string, label: string): number {
  const wanted = word.toLowerCase().replace(/^</, "");
  if (!wanted) return 1;
  const name = text.toLowerCase();
  if (name.startsWith(wanted)) return 4;
  const local = name.slice(name.indexOf(":") + 1);
  const searched = wanted.slice(wanted.indexOf(":") + 1);
  const elsewhere = wanted.includes(":") && !name.startsWith(wanted.slice(0, -searched.length));
  if (elsewhere || !searched) return 0;
  if (local.startsWith(searched)) return 3;
  if (label.toLowerCase().startsWith(searched)) return 3;
  return local.includes(searched) || label.toLowerCase().includes(searched) ? 2 : 0;
}
