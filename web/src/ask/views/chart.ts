/** A chart of what the columns hold: bars by name, a line over time, points for two numbers. */
import type * as PlotModule from "@observablehq/plot";
import { make } from "../../elements";
import { say } from "../../words";
import { wording } from "../cell";
import { dayOf, numberOf } from "../terms";
import { cells, columnsOf, type Shown, type View } from "./view";

const MOST_BARS = 60;
const MOST_POINTS = 5000;
/** How many letters of a name fit beside its bar. */
const LONGEST = 44;

export const chart: View = {
  name: "chart",
  title: "Chart",
  fits: (found) =>
    found.form === "rows" && found.rows.length > 0 && numeric({ found, prefixes: {} }).length > 0,
  async draw(place, shown) {
    const plot = await import("@observablehq/plot");
    const numbers = numeric(shown);
    const pick = make("select", { onchange: () => draw() });
    for (const name of numbers) pick.append(make("option", { value: name }, name));
    const figure = make("div", { class: "drawn" });
    const draw = () => {
      const picture = drawn(plot, shown, pick.value || numbers[0] || "");
      picture.querySelector("style")?.remove(); // our style sheet says it; the CSP forbids others
      figure.replaceChildren(picture);
    };
    const label = make("label", { class: "narrow" }, say("Measure"), " ", pick);
    place.replaceChildren(...(numbers.length > 1 ? [make("p", {}, label)] : []), figure);
    draw();
  },
};

function numeric({ found }: Shown): string[] {
  return columnsOf(found).filter((name) => {
    const held = cells(found, name);
    return held.length > 0 && held.every((term) => numberOf(term) !== null);
  });
}

function drawn(plot: typeof PlotModule, shown: Shown, measure: string): Element {
  const columns = columnsOf(shown.found).filter((name) => name !== measure);
  const time = columns.find((name) => cells(shown.found, name).every((term) => dayOf(term)));
  const name = columns.find((each) => !numeric(shown).includes(each) && each !== time);
  const other = columns.find((each) => numeric(shown).includes(each));
  const wide = { width: 1080, style: { background: "none", fontSize: "14px" } };
  const points = shown.found.rows.slice(0, MOST_POINTS).map((row) => ({
    measure: numberOf(row[measure]),
    name: name ? wording(row, name, shown.prefixes) : "",
    time: time ? dayOf(row[time]) : null,
    other: other ? numberOf(row[other]) : null,
  }));
  if (time && points.some((each) => each.time)) {
    return plot.plot({
      ...wide,
      x: { label: time },
      y: { label: measure, grid: true },
      marks: [
        plot.line(points, { x: "time", y: "measure", stroke: "var(--process)", sort: "time" }),
        plot.dot(points, {
          x: "time",
          y: "measure",
          fill: "var(--process)",
          r: 2.5,
          title: "name",
        }),
      ],
    });
  }
  if (name) {
    const most = points.slice(0, MOST_BARS);
    const longest = Math.min(Math.max(...most.map((each) => each.name.length)), LONGEST);
    return plot.plot({
      ...wide,
      marginLeft: 24 + longest * 7,
      height: 80 + most.length * 26,
      marginBottom: 52,
      x: { label: measure, grid: true, zero: true },
      y: {
        label: null,
        tickFormat: (text: string) => shortened(text),
        domain: [...new Set(most.map((each) => each.name))],
      },
      marks: [
        plot.barX(most, { x: "measure", y: "name", fill: "var(--process)", title: "measure" }),
        plot.ruleX([0]),
      ],
    });
  }
  return plot.plot({
    ...wide,
    x: { label: other ?? measure, grid: true },
    y: { label: other ? measure : say("Rows"), grid: true },
    marks: other
      ? [plot.dot(points, { x: "other", y: "measure", fill: "var(--process)", fillOpacity: 0.6 })]
      : [
          plot.rectY(points, {
            ...plot.binX({ y: "count" }, { x: "measure" }),
            fill: "var(--process)",
          }),
        ],
  });
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
