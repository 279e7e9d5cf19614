/** The report beside the document: what was found, how grave, where, and what would mend it. */
import { make } from "../elements";
import { say, shown } from "../words";
import { mending } from "./editor";
import {
  type Branch,
  type Report,
  type Result,
  type Severity,
  type Short,
  sentence,
} from "./report";

/** So many results are listed at once. */
const AT_ONCE = 100;
const NAMES: Record<Severity, [string, string]> = {
  Violation: ["violation", "violations"],
  Warning: ["warning", "warnings"],
  Info: ["info", "infos"],
};

export interface Doing {
  go(result: Result): void;
  mend(results: Result[]): void;
}

/** The report as elements, for the aside of the page. */
export function told(report: Report, several: boolean, short: Short, doing: Doing): Node[] {
  const list = make("ol", { class: "results" });
  const hidden = new Set<Severity>();
  const chips = counted(report.results).map(([severity, number]) =>
    make(
      "button",
      {
        type: "button",
        class: `chip severity ${severity.toLowerCase()}`,
        "aria-pressed": "true",
        onclick: (event) => {
          const chip = event.currentTarget as HTMLButtonElement;
          const on = chip.getAttribute("aria-pressed") === "false";
          chip.setAttribute("aria-pressed", String(on));
          if (on) hidden.delete(severity);
          else hidden.add(severity);
          fill();
        },
      },
      `${shown(number)} ${say(NAMES[severity][number === 1 ? 0 : 1])}`,
    ),
  );
  let most = AT_ONCE;
  const more = make("button", {
    type: "button",
    class: "light",
    onclick: () => {
      most += AT_ONCE;
      fill();
    },
  });
  const fill = () => {
    const kept = report.results.filter((one) => !hidden.has(one.severity));
    list.replaceChildren(...kept.slice(0, most).map((one) => item(one, several, short, doing)));
    more.hidden = kept.length <= most;
    more.textContent = say("Show more of {number} results", { number: kept.length });
  };
  fill();
  const mendable = report.results.filter((one) => one.fix);
  return [
    make("h2", { id: "verdict" }, say(report.conforms ? CONFORMS : FAILS)),
    make(
      "p",
      { class: "quiet small" },
      say("{shapes} shapes looked at {nodes} nodes.", {
        shapes: report.coverage.shapes,
        nodes: report.coverage.focusNodes,
      }),
    ),
    ...report.notes.map((note) => make("p", { class: "small" }, note)),
    ...(report.results.length
      ? [make("p", { class: "chips" }, ...chips)]
      : [make("p", {}, say(NOTHING))]),
    ...(mendable.length > 1
      ? [
          make(
            "p",
            {},
            make(
              "button",
              { type: "button", onclick: () => doing.mend(mendable) },
              say("Apply all {number} fixes", { number: mendable.length }),
            ),
          ),
        ]
      : []),
    list,
    more,
  ];
}

const CONFORMS = "The data conforms";
const FAILS = "The data does not conform";
const NOTHING =
  "No shape found anything to say. Whether what the data says is true, no shape can tell.";

function counted(results: Result[]): [Severity, number][] {
  const found = (Object.keys(NAMES) as Severity[]).map((severity): [Severity, number] => [
    severity,
    results.filter((one) => one.severity === severity).length,
  ]);
  return found.filter(([, number]) => number > 0);
}

function item(result: Result, several: boolean, short: Short, doing: Doing): HTMLElement {
  const { place, fix } = result;
  const where = place
    ? say("Line {line}", { line: place.line }) + (place.cell ? ` · ${place.cell}` : "")
    : say("Nowhere in the text");
  const at = several && place ? `${place.path} · ${where}` : where;
  return make(
    "li",
    { class: `result ${result.severity.toLowerCase()}` },
    make(
      "p",
      { class: "where small" },
      place
        ? make("button", { type: "button", class: "go", onclick: () => doing.go(result) }, at)
        : at,
      " ",
      make("span", { class: "severity" }, say(NAMES[result.severity][0])),
    ),
    make("p", {}, sentence(result)),
    result.explanation ? make("p", { class: "small" }, result.explanation) : null,
    result.branches.length ? branches(result.branches) : null,
    make(
      "p",
      { class: "small about" },
      ...[result.focus, result.path, result.value].flatMap((each) =>
        each ? [make("code", { title: each }, cut(short(each))), " "] : [],
      ),
    ),
    fix
      ? make(
          "button",
          { type: "button", class: "light fix", onclick: () => doing.mend([result]) },
          mending(fix),
        )
      : null,
  );
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function branches(several: Branch[]): HTMLElement {
  return make(
    "ul",
    { class: "small" },
    ...several.map((one) =>
      make(
        "li",
        {},
        `${one.name}${one.holds ? ` ${say("holds")}` : ""}: ${one.sentence}`,
        ...one.results
          .filter((inner) => inner.branches.length)
          .flatMap((inner) => [` ${inner.explanation ?? ""}`, branches(inner.branches)]),
      ),
    ),
  );
}
