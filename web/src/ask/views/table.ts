/** Rows as a table: sorted by a click on a heading, narrowed by words, a page at a time. */
import { make } from "../../elements";
import { say } from "../../words";
import { cell, wording } from "../cell";
import { dayOf, numberOf, type Row } from "../terms";
import { columnsOf, type Shown, type View } from "./view";

const PAGE = 100;

export const table: View = {
  name: "table",
  title: "Table",
  fits: (found) => found.form !== "truth",
  draw(place, shown) {
    const state = { column: "", down: false, words: "", most: PAGE };
    const body = make("div");
    const found = shown.found.rows.length;
    const filter = make("input", {
      type: "search",
      "aria-label": say("Show only rows with these words"),
      placeholder: say("Show only rows with these words"),
      oninput: () => {
        state.words = filter.value;
        state.most = PAGE;
        redraw();
      },
    });
    const redraw = () => body.replaceChildren(...tableOf(shown, state, redraw));
    place.replaceChildren(...(found > 10 ? [make("p", { class: "narrowing" }, filter)] : []), body);
    redraw();
  },
};

interface State {
  column: string;
  down: boolean;
  words: string;
  most: number;
}

function tableOf(shown: Shown, state: State, redraw: () => void): HTMLElement[] {
  const columns = columnsOf(shown.found);
  const rows = ordered(narrowed(shown, columns, state.words), shown, state);
  const head = make(
    "tr",
    {},
    ...columns.map((name) =>
      heading(
        name,
        rows.some((row) => numberOf(row[name]) !== null),
        state,
        redraw,
      ),
    ),
  );
  const body = rows
    .slice(0, state.most)
    .map((row) => make("tr", {}, ...columns.map((name) => cell(row, name, shown.prefixes))));
  const made = make("table", {}, make("thead", {}, head), make("tbody", {}, ...body));
  const scroll = make("div", { class: "scroll tall", tabindex: "0", role: "region" }, made);
  scroll.setAttribute("aria-label", say("Rows of the answer"));
  if (rows.length <= state.most) return [scroll];
  const more = make(
    "button",
    {
      class: "light",
      type: "button",
      onclick: () => {
        state.most += 10 * PAGE;
        redraw();
      },
    },
    say("Show more of {number} rows", { number: rows.length }),
  );
  return [scroll, make("p", {}, more)];
}

function heading(name: string, numeric: boolean, state: State, redraw: () => void): HTMLElement {
  const sorted = state.column === name;
  const button = make(
    "button",
    {
      type: "button",
      class: numeric ? "sort number" : "sort",
      onclick: () => {
        state.down = sorted && !state.down;
        state.column = name;
        redraw();
      },
    },
    name,
  );
  const order = sorted ? (state.down ? "descending" : "ascending") : "none";
  return make("th", { scope: "col", "aria-sort": order }, button);
}

function narrowed(shown: Shown, columns: string[], words: string): Row[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length) return shown.found.rows;
  return shown.found.rows.filter((row) => {
    const text = columns.map((name) => wording(row, name, shown.prefixes)).join(" ");
    return wanted.every((word) => text.toLowerCase().includes(word));
  });
}

function ordered(rows: Row[], shown: Shown, { column, down }: State): Row[] {
  if (!column) return rows;
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const one = numberOf(a[column]) ?? dayOf(a[column])?.getTime() ?? null;
    const two = numberOf(b[column]) ?? dayOf(b[column])?.getTime() ?? null;
    if (one !== null && two !== null) return sign * (one - two);
    const texts = [a, b].map((row) => wording(row, column, shown.prefixes));
    return sign * (texts[0] ?? "").localeCompare(texts[1] ?? "");
  });
}
