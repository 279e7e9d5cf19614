/** The page where a file is checked: the form becomes an editor that shows results at their lines. */
import "./check.css";
import { make, need } from "../elements";
import { say } from "../words";
import { Editor } from "./editor";
import { EXAMPLE } from "./example";
import {
  asked,
  body,
  cleaned,
  type Problem,
  type Report,
  type Result,
  type Sheet,
  shortener,
} from "./report";
import { told } from "./results";

/** Reports to take away, and the ending of each one's file. */
const DOWNLOADS: Record<string, string> = {
  sarif: "sarif",
  html: "html",
  csv: "csv",
  json: "json",
  junit: "xml",
  turtle: "ttl",
  jsonld: "jsonld",
  text: "txt",
};
/** Larger files are sent, but not shown, in characters. */
const MOST_SHOWN = 5_000_000;

const form = need<HTMLFormElement>("form.check");
const area = need<HTMLTextAreaElement>("textarea", form);
const picker = need<HTMLInputElement>("input[type=file][name=document]", form);
const box = make("div", { class: "document" });
const tabs = make("div", {
  class: "tabs",
  role: "group",
  "aria-label": say("Documents"),
  hidden: true,
});
const status = make("p", { class: "told quiet small", role: "status" });
const aside = make("section", { class: "report", "aria-label": say("Report"), tabindex: "-1" });
const downloads = make("p", { class: "downloads small", hidden: true });
let sheets: Sheet[] = [{ name: "", text: area.value, file: null }];
let open = 0;
let report: Report | null = null;
let running: AbortController | null = null;

const editor = new Editor(box, area.value, {
  changed,
  mended: () => void check(),
  run: () => void check(),
});
lay();
area.removeAttribute("name");
area.hidden = true;
for (const each of document.querySelectorAll("[data-plain]")) each.remove();
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void check();
});
picker.addEventListener("change", () => {
  if (picker.files?.length) void take([...picker.files]);
  picker.value = "";
});
for (const name of ["dragenter", "dragover", "dragleave", "drop"])
  form.addEventListener(name, dragged as EventListener, true);
empty();
document.documentElement.dataset.check = "ready";

/** The document on the left, what is said of it on the right. */
function lay(): void {
  const bench = make("div", { class: "bench" });
  form.before(bench);
  const left = make("div", { class: "left" }, tabs, box, status, form);
  bench.append(left, make("div", { class: "right" }, aside, downloads));
}

function dragged(event: DragEvent): void {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  event.stopPropagation();
  box.classList.toggle("over", event.type === "dragenter" || event.type === "dragover");
  if (event.type === "drop") void take([...event.dataTransfer.files]);
}
for (const name of ["dragenter", "dragover", "dragleave", "drop"])
  box.addEventListener(name, dragged as EventListener, true);

/** Take files in the place of what is there, and check them. */
async function take(files: File[]): Promise<void> {
  const taken: string[] = [];
  const read: Sheet[] = [];
  for (const file of files) {
    const name = cleaned(file.name, taken);
    taken.push(name);
    const text = await textOf(file);
    read.push({ name, text, file: text === null ? file : null });
  }
  if (!read.length) return;
  sheets = read;
  report = null;
  show(0);
  await check();
}

async function textOf(file: File): Promise<string | null> {
  if (file.size > MOST_SHOWN) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      await file.arrayBuffer(),
    );
  } catch {
    return null;
  }
}

function keep(): void {
  const sheet = sheets[open];
  if (sheet && sheet.text !== null) sheet.text = editor.text;
}

function show(index: number): void {
  open = index;
  editor.open(sheets[index]?.text ?? null);
  tabs.hidden = sheets.length < 2;
  tabs.replaceChildren(
    ...sheets.map((sheet, i) =>
      make(
        "button",
        {
          type: "button",
          "aria-pressed": String(i === open),
          onclick: () => {
            keep();
            show(i);
          },
        },
        sheet.name,
      ),
    ),
  );
  mark();
}

/** The results of the sheet that is shown. */
function here(): Result[] {
  return (report?.results ?? []).filter((one) => one.place && sheetOf(one) === open);
}

function sheetOf(result: Result): number {
  const path = result.place?.path ?? "";
  const exact = sheets.findIndex((sheet) => sheet.name === path);
  if (exact >= 0 || sheets.length === 1) return Math.max(exact, 0);
  return sheets.findIndex((sheet) => path.startsWith(sheet.name));
}

function mark(): void {
  editor.mark(sheets[open]?.text === null ? [] : here());
}

function changed(): void {
  if (report) status.textContent = say("The text has changed since: check it again (Ctrl+Enter).");
  aside.classList.toggle("stale", report !== null);
}

async function check(): Promise<void> {
  keep();
  if (sheets.every((sheet) => sheet.text === "")) {
    empty();
    return editor.focus();
  }
  running?.abort();
  const mine = new AbortController();
  running = mine;
  status.textContent = say("Checking …");
  aside.setAttribute("aria-busy", "true");
  try {
    const found = await asked(body(form, sheets, "json"), mine.signal);
    report = JSON.parse(await found.text()) as Report;
    present(report);
  } catch (error) {
    if (!mine.signal.aborted) trouble(error);
  } finally {
    if (running === mine) aside.removeAttribute("aria-busy");
  }
}

function present(found: Report): void {
  aside.classList.remove("stale");
  mark();
  aside.replaceChildren(
    ...told(found, sheets.length > 1, shortener(sheets), {
      go: (result) => {
        turn(result);
        editor.go(result);
      },
      mend,
    }),
  );
  status.textContent = say("Checked: {number} results. Nothing was kept.", {
    number: found.results.length,
  });
  offer();
}

function turn(result: Result): void {
  const index = sheetOf(result);
  if (index !== open && index >= 0) {
    keep();
    show(index);
  }
}

/** Mend each result in its sheet, then check again. */
function mend(results: Result[]): void {
  const of = new Set(results.map(sheetOf));
  for (const index of of) {
    if (index !== open) {
      keep();
      show(index);
    }
    editor.mend(results.filter((one) => sheetOf(one) === index));
  }
}

function trouble(error: unknown): void {
  const problem: Problem =
    error instanceof Error
      ? { title: say("The endpoint didn't answer"), detail: error.message, status: 0 }
      : (error as Problem);
  report = null;
  status.textContent = "";
  downloads.hidden = true;
  aside.classList.remove("stale");
  const where = problem.line
    ? say("Line {line}, column {column}.", { line: problem.line, column: problem.column ?? 1 })
    : "";
  aside.replaceChildren(
    make(
      "section",
      { class: "alarm", role: "alert" },
      make("h2", {}, say(problem.title)),
      make("p", {}, sentence(problem.detail), " ", where),
    ),
  );
  const index = sheets.findIndex((sheet) => sheet.name === problem.file);
  if (index >= 0 && index !== open) show(index);
  editor.mark([]);
  if (problem.line && sheets[open]?.text !== null)
    editor.trouble(problem.detail, problem.line, problem.column ?? null);
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/[.]$/, "")}.`;
}

/** Before the first check: what will stand here, and an example to try. */
function empty(): void {
  downloads.hidden = true;
  aside.replaceChildren(
    make("h2", {}, say("What the shapes say")),
    make(
      "p",
      { class: "quiet" },
      say(
        "Each result will stand here, and at its line in the document: what is wrong, why, and what mends it.",
      ),
    ),
    make(
      "p",
      {},
      make(
        "button",
        {
          type: "button",
          class: "light",
          onclick: () => {
            sheets = [{ name: "", text: EXAMPLE, file: null }];
            show(0);
            void check();
          },
        },
        say("Try one with mistakes"),
      ),
    ),
  );
}

function offer(): void {
  downloads.hidden = false;
  downloads.replaceChildren(
    make("span", { class: "quiet" }, say("Download the report:"), " "),
    ...Object.keys(DOWNLOADS).flatMap((name) => [
      make("button", { type: "button", class: "plain", onclick: () => void save(name) }, name),
      " ",
    ]),
  );
}

/** Ask for the report in another format, and hand it out as a file. */
async function save(name: string): Promise<void> {
  keep();
  try {
    const address = URL.createObjectURL(await asked(body(form, sheets, name)));
    make("a", { href: address, download: `report.${DOWNLOADS[name]}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    trouble(error);
  }
}
