/** The page where queries are written: the plain form becomes an editor, the answer has views. */
import "./ask.css";
import { make, need } from "../elements";
import { say, shown } from "../words";
import { type Answer, ask, type Problem } from "./answer";
import { type Vocabulary, vocabulary } from "./completion";
import { declared } from "./context";
import { Editor } from "./editor";
import { learn } from "./labels";
import * as onward from "./onward";
import { questions } from "./questions";
import type { Prefixes } from "./terms";
import { VIEWS } from "./views";

const form = need<HTMLFormElement>("form.editor");
const area = need<HTMLTextAreaElement>("textarea", form);
const limits = {
  seconds: Number(form.dataset.seconds),
  rows: Number(form.dataset.rows),
  bytes: Number(form.dataset.bytes),
  memory: Number(form.dataset.memory),
};
const pinned = form.dataset.pinned ?? "";
const given = new URLSearchParams(location.search).get("query");
const status = make("p", { class: "told quiet", role: "status" });
const place = make("section", { class: "answer", "aria-label": say("Answer") });
let prefixes: Prefixes = {};
let running: AbortController | null = null;

const box = make("div", { class: "yasqe-box" });
area.before(box);
area.hidden = true;
const editor = new Editor(box, area.value, run);
editor.onChange(() => editor.clear());
document.documentElement.classList.add("asking");
for (const each of document.querySelectorAll("[data-plain]")) each.remove();
const button = need<HTMLButtonElement>("button", form);
button.after(
  make("button", { type: "button", class: "light", onclick: () => editor.tidy() }, say("Tidy up")),
);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
form.after(status, place);
questions(need("#examples"), (query) => {
  editor.text = query;
  editor.focus();
  scrollTo({ top: 0 });
  run();
});
vocabulary(pinned).then(
  (found: Vocabulary) => {
    prefixes = found.prefixes;
    editor.complete(found);
    document.documentElement.dataset.completion = "ready";
  },
  () => undefined,
);
if (given) run();

async function run(): Promise<void> {
  running?.abort();
  const mine = new AbortController();
  running = mine;
  editor.clear();
  const query = editor.text;
  status.textContent = say("Asking …");
  place.setAttribute("aria-busy", "true");
  try {
    const answer = await ask(query, pinned, mine.signal);
    if (answer.found.form !== "truth") await learn(answer.found.rows, answer.revision);
    remember(query);
    await present(answer);
  } catch (error) {
    if (mine.signal.aborted) return;
    status.textContent = "";
    trouble(error);
  } finally {
    if (running === mine) place.removeAttribute("aria-busy");
  }
}

/** The address of the page becomes that of the query. */
function remember(query: string): void {
  if (!onward.short(query)) return;
  const next = onward.share(query, pinned, location.hash.slice(1));
  if (next !== location.href) history.replaceState(null, "", next);
}

function trouble(error: unknown): void {
  const problem: Problem =
    error instanceof Error
      ? { title: say("The endpoint didn't answer"), detail: error.message, status: 0 }
      : (error as Problem);
  editor.point(problem);
  const where = problem.line
    ? say("Line {line}, column {column}.", { line: problem.line, column: problem.column ?? 1 })
    : "";
  const used =
    problem.budget && problem.limit !== undefined
      ? say("Budget: {budget}, limit {limit}.", { budget: problem.budget, limit: problem.limit })
      : "";
  place.replaceChildren(
    make(
      "section",
      { class: "alarm", role: "alert" },
      make("h2", {}, problem.title),
      make("p", {}, sentence(problem.detail), " ", where, " ", used),
    ),
  );
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/[.]$/, "")}.`;
}

async function present(answer: Answer): Promise<void> {
  const { found, used, revision } = answer;
  status.textContent = say("{rows} rows at revision {revision}.", { rows: used.rows, revision });
  if (found.form === "truth") {
    place.replaceChildren(
      make("p", { class: "truth" }, found.value ? say("Yes.") : say("No.")),
      onwardOf(answer),
    );
    return;
  }
  const fitting = VIEWS.filter((view) => view.fits(found));
  const pane = make("div", { class: "pane", role: "tabpanel", tabindex: "-1", id: "pane" });
  const list = make("div", { class: "tabs", role: "tablist", "aria-label": say("Views") });
  const tabs = fitting.map((view) =>
    make(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${view.name}`,
        "aria-controls": "pane",
        onclick: () => void choose(view.name, true),
      },
      say(view.title),
    ),
  );
  const choose = async (name: string, told: boolean) => {
    const view = fitting.find((each) => each.name === name) ?? fitting[0];
    if (!view) return;
    for (const tab of tabs) {
      const on = tab.id === `tab-${view.name}`;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
    pane.setAttribute("aria-labelledby", `tab-${view.name}`);
    pane.dataset.view = view.name;
    await view.draw(pane, { found, prefixes: { ...prefixes, ...declared(answer.query) } });
    if (told) history.replaceState(null, "", `#${view.name}`);
  };
  list.append(...tabs);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = tabs.indexOf(document.activeElement as HTMLButtonElement);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    next?.focus();
    next?.click();
  });
  const some = found.rows.length > 0;
  place.replaceChildren(
    ...(some
      ? [list, pane]
      : [
          make(
            "p",
            {},
            say(
              "No row matches. The usual reasons: a narrow FILTER, a name in another language, a property that nothing has.",
            ),
          ),
        ]),
    budget(answer),
    onwardOf(answer),
  );
  if (some) await choose(location.hash.slice(1) || fitting[0]?.name || "", false);
}

function budget({ used }: Answer): HTMLElement {
  const bar = (share: number) => {
    const made = make("progress", { max: "1", value: String(Math.min(1, share)) });
    made.setAttribute("aria-label", say("Share of the budget"));
    return made;
  };
  const part = (name: string, text: string, share: number) =>
    make("span", { class: "part" }, say(name), " ", bar(share), " ", text);
  const megabytes = (bytes: number) => shown(Math.round(bytes / 1e4) / 100);
  return make(
    "p",
    { class: "budget quiet small" },
    say("Budget used:"),
    part(
      "time",
      say("{used} of {limit} s", {
        used: Math.round(used.seconds * 100) / 100,
        limit: limits.seconds,
      }),
      used.seconds / limits.seconds,
    ),
    ...(used.memory === null
      ? []
      : [
          part(
            "memory",
            say("{used} of {limit} MB", {
              used: megabytes(used.memory),
              limit: megabytes(limits.memory),
            }),
            used.memory / limits.memory,
          ),
        ]),
    part(
      "rows",
      say("{used} of {limit}", { used: used.rows, limit: limits.rows }),
      used.rows / limits.rows,
    ),
    part(
      "size",
      say("{used} of {limit} MB", { used: megabytes(used.bytes), limit: megabytes(limits.bytes) }),
      used.bytes / limits.bytes,
    ),
  );
}

function onwardOf({ found, revision, query }: Answer): HTMLElement {
  const formats = found.form === "triples" ? onward.GRAPHS : onward.ROWS;
  const offered = found.form === "truth" ? ["json", "xml"] : formats;
  const links = offered.flatMap((name) => [
    make("a", { href: onward.download(query, revision, name), download: `rskg.${name}` }, name),
    " ",
  ]);
  const said = make("span", { class: "quiet", role: "status" });
  const copy = (label: string, text: () => string) =>
    make(
      "button",
      {
        type: "button",
        class: "light",
        onclick: async () => {
          said.textContent = (await copied(text())) ? say("Copied.") : say("Copy it from below.");
          if (said.textContent !== say("Copied.")) place.append(make("pre", {}, text()));
        },
      },
      say(label),
    );
  const view = () => place.querySelector<HTMLElement>(".pane")?.dataset.view ?? "";
  return make(
    "div",
    { class: "onward" },
    make("p", {}, say("Download:"), " ", ...links),
    make(
      "p",
      { class: "row" },
      copy("Copy a link to this answer", () => onward.share(query, revision, view())),
      ...Object.keys(onward.code(query, revision)).map((name) =>
        copy(`Copy as ${name}`, () => onward.code(query, revision)[name] ?? ""),
      ),
      said,
    ),
    make(
      "p",
      {},
      make(
        "a",
        { class: "permalink", href: onward.share(query, revision) },
        say("This answer at revision {revision}", { revision }),
      ),
    ),
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
