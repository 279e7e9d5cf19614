/** What every view of an answer is: it says whether it fits, and draws. */
import type { Found, Rows, Triples } from "../answer";
import type { Prefixes, Row } from "../terms";

export interface Shown {
  found: Rows | Triples;
  prefixes: Prefixes;
}
export interface View {
  name: string;
  title: string;
  fits(found: Found): boolean;
  draw(place: HTMLElement, shown: Shown): Promise<void> | void;
}

/** The columns to show: a label stands in the column of what it names. */
export function columnsOf(found: Rows | Triples): string[] {
  const all = new Set(found.columns);
  return found.columns.filter(
    (name) => !(name.endsWith("Label") && all.has(name.slice(0, -"Label".length))),
  );
}

/** What a column's cells say, as far as they are asked for. */
export function cells(
  found: Rows | Triples,
  column: string,
  most = 500,
): NonNullable<Row[string]>[] {
  return found.rows
    .slice(0, most)
    .map((row) => row[column])
    .filter((term) => term !== undefined);
}
