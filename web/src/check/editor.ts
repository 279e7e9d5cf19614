/** The document in an editor: results are marked where they are, and mended there by a click. */
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { turtle } from "@codemirror/legacy-modes/mode/turtle";
import {
  type Diagnostic,
  forEachDiagnostic,
  lintGutter,
  lintKeymap,
  setDiagnostics,
} from "@codemirror/lint";
import { Compartment, EditorState, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { say } from "../words";
import { LOOK } from "./look";
import { type Fix, type Place, type Result, type Severity, sentence } from "./report";

/** So many results are marked; the list below tells of all. */
const MOST_MARKS = 2000;
const GRAVITY: Record<Severity, Diagnostic["severity"]> = {
  Violation: "error",
  Warning: "warning",
  Info: "info",
};
const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--quiet)" },
  { tag: [tags.keyword, tags.meta], color: "var(--claim)" },
  { tag: tags.string, color: "var(--factor)" },
  { tag: [tags.atom, tags.variableName], color: "var(--actor)" },
  { tag: tags.special(tags.variableName), color: "var(--process)" },
]);

/** A mark knows what it marks. */
interface Mark extends Diagnostic {
  about: Result | null;
}
interface Watching {
  changed(): void;
  mended(): void;
  run(): void;
}

export class Editor {
  private readonly view: EditorView;
  private readonly writable = new Compartment();
  private quiet = false;

  /** It lives in a shadow of its own: there its styles are sheets, which the pages' policy allows. */
  constructor(
    place: HTMLElement,
    text: string,
    private readonly watching: Watching,
  ) {
    const root = place.attachShadow({ mode: "open" });
    const check = () => {
      watching.run();
      return true;
    };
    this.view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          lintGutter(),
          history(),
          drawSelection(),
          highlightActiveLine(),
          EditorView.lineWrapping,
          StreamLanguage.define(turtle),
          syntaxHighlighting(COLOURS),
          EditorView.theme(LOOK),
          placeholder(say("Paste a document, or drop files here")),
          EditorView.contentAttributes.of({ "aria-label": say("Document to check") }),
          this.writable.of(EditorState.readOnly.of(false)),
          keymap.of([
            { key: "Mod-Enter", run: check },
            ...lintKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || this.quiet) return;
            const pasted = update.transactions.some((each) => each.isUserEvent("input.paste"));
            if (pasted && !update.startState.doc.length) watching.run();
            else watching.changed();
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  /** Show another document; one that can't be shown is told of instead. */
  open(text: string | null): void {
    this.quiet = true;
    const shown = text ?? say("This file is packed or large: it is checked, but not shown here.");
    this.view.dispatch(setDiagnostics(this.view.state, []), {
      changes: { from: 0, to: this.view.state.doc.length, insert: shown },
      effects: this.writable.reconfigure(EditorState.readOnly.of(text === null)),
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
    this.quiet = false;
  }

  focus(): void {
    this.view.focus();
  }

  /** Mark results at their places. */
  mark(results: Result[]): void {
    const { doc } = this.view.state;
    const marks = results.slice(0, MOST_MARKS).flatMap((about): Mark[] => {
      if (!about.place) return [];
      const { from, to } = stretch(doc, about.place);
      const { fix } = about;
      return [
        {
          from,
          to,
          about,
          severity: GRAVITY[about.severity],
          message: sentence(about),
          ...(about.explanation ? { source: about.explanation } : {}),
          ...(fix ? { actions: [{ name: mending(fix), apply: () => this.mend([about]) }] } : {}),
        },
      ];
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  /** Mark where a document can't be read. */
  trouble(message: string, line: number, column: number | null): void {
    const place = { path: "", line, column, end_line: null, end_column: null, cell: null };
    const mark: Mark = {
      ...stretch(this.view.state.doc, place),
      about: null,
      severity: "error",
      message,
    };
    this.view.dispatch(setDiagnostics(this.view.state, [mark]));
    this.view.dispatch({ selection: { anchor: mark.from }, scrollIntoView: true });
  }

  /** Show where a result is now, whatever was written since. */
  go(result: Result): void {
    const at = this.places().get(result);
    if (!at) return;
    this.view.dispatch({
      selection: { anchor: at.from, head: at.to },
      effects: EditorView.scrollIntoView(at.from, { y: "center" }),
    });
    this.view.focus();
  }

  /** Write what mends these results, where their text still stands. */
  mend(results: Result[]): void {
    const places = this.places();
    const changes = results.flatMap((result) => {
      const at = places.get(result);
      return at && result.fix ? [{ ...at, insert: result.fix.text }] : [];
    });
    const apart = changes
      .sort((one, other) => one.from - other.from)
      .filter((one, i, all) => one.from >= (all[i - 1]?.to ?? 0));
    if (!apart.length) return;
    this.view.dispatch({ changes: apart, userEvent: "input.mend" });
    this.watching.mended();
  }

  private places(): Map<Result, { from: number; to: number }> {
    const found = new Map<Result, { from: number; to: number }>();
    forEachDiagnostic(this.view.state, (mark, from, to) => {
      const { about } = mark as Mark;
      if (about) found.set(about, { from, to });
    });
    return found;
  }
}

/** What a click on a fix does. */
export function mending(fix: Fix): string {
  return say("Write {text}", { text: fix.text });
}

function stretch(doc: Text, place: Place): { from: number; to: number } {
  const line = doc.line(Math.min(Math.max(place.line, 1), doc.lines));
  const from = line.from + units(line.text, place.column ?? 1);
  if (!place.column) return { from, to: line.to };
  if (!place.end_column) return { from, to: Math.max(line.to, from) };
  const last = doc.line(Math.min(Math.max(place.end_line ?? place.line, line.number), doc.lines));
  return { from, to: Math.max(from, last.from + units(last.text, place.end_column)) };
}

/** How many UTF-16 units lie before a column, which counts characters from 1. */
function units(text: string, column: number): number {
  let at = 0;
  for (let left = column - 1; left > 0 && at < text.length; left -= 1)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
