/** A term as people read it: the label and a link for a thing, the number in their writing. */
import { make } from "../elements";
import { language } from "../words";
import { labelOf } from "./labels";
import { address, BASE, brief, dayOf, numberOf, type Prefixes, type Row, type Term } from "./terms";

/** What a cell says in words. */
export function wording(row: Row, column: string, prefixes: Prefixes): string {
  const term = row[column];
  if (!term) return "";
  if (term.type === "uri")
    return row[`${column}Label`]?.value ?? labelOf(term.value) ?? brief(term.value, prefixes);
  if (term.type === "bnode") return `_:${term.value}`;
  const number = numberOf(term);
  if (number !== null)
    return Number.isInteger(number)
      ? number.toLocaleString(language)
      : number.toLocaleString(language, { maximumSignificantDigits: 6 });
  if (/#date$/.test(term.datatype ?? "")) {
    const day = dayOf(term);
    if (day) return day.toLocaleDateString(language, { dateStyle: "medium", timeZone: "UTC" });
  }
  return typeof term.value === "string" ? term.value : JSON.stringify(term.value);
}

/** A cell of a table. */
export function cell(row: Row, column: string, prefixes: Prefixes): HTMLElement {
  const term = row[column];
  if (!term) return make("td", { class: "quiet" }, "–");
  const text = wording(row, column, prefixes);
  if (numberOf(term) !== null) return make("td", { class: "number" }, text);
  const where = term.type === "uri" ? address(term.value) : null;
  return make(
    "td",
    text.length > 60 ? { class: "wide" } : {},
    where ? link(term, where, text) : text,
  );
}

function link(term: Term, where: string, text: string): HTMLElement {
  const ours = term.value.startsWith(BASE);
  return make(
    "a",
    {
      href: where,
      class: ours ? "" : "away",
      title: term.value,
      ...(ours ? {} : { rel: "external" }),
    },
    text,
  );
}
