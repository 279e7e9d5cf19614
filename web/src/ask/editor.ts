/** YASGUI's editor, without its calls to elsewhere, with our completion and problems at their line. */
import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import { make } from "../elements";
import { say, shown } from "../words";
import type { Problem } from "./answer";
import { type Offer, offers, type Vocabulary } from "./completion";

/** The word before the cursor that a completion replaces. */
const WORD = /(?:<[^<>\s]*|[?$]\w*|[\w-]*:?[\w\-./]*)$/;

interface Spot {
  line: number;
  ch: number;
}
interface Pointed {
  clear(): void;
}

Yasqe.defaults.autocompleters = []; // its own ask other sites

export class Editor {
  private readonly yasqe: Yasqe;
  private words: Vocabulary = { prefixes: {}, classes: [], properties: [], fits: {} };
  private pointed: Pointed | null = null;

  constructor(place: HTMLElement, query: string, run: () => void) {
    const yasqe = new Yasqe(place, {
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: () => "",
      createShortLink: undefined,
      prefixCcApi: null,
      showQueryButton: false,
      resizeable: false,
      collapsePrefixesOnLoad: false,
      lineWrapping: true,
      editorHeight: "auto",
      viewportMargin: Number.POSITIVE_INFINITY,
      screenReaderLabel: say("SPARQL query"),
      tabMode: "indent",
    });
    this.yasqe = yasqe;
    yasqe.setValue(query);
    yasqe.addKeyMap({
      "Ctrl-Space": () => this.offer(false),
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
    });
    yasqe.on("inputRead", () => this.offer(true));
    const field = place.querySelector("textarea");
    field?.setAttribute("aria-label", say("SPARQL query"));
    for (const each of place.querySelectorAll(".yasqe_buttons")) each.remove();
  }

  get text(): string {
    return this.yasqe.getValue();
  }

  set text(query: string) {
    this.clear();
    this.yasqe.setValue(query);
  }

  focus(): void {
    this.yasqe.focus();
  }

  complete(words: Vocabulary): void {
    this.words = words;
  }

  onChange(told: () => void): void {
    this.yasqe.on("change", told);
  }

  tidy(): void {
    this.yasqe.autoformat();
  }

  /** Mark the line of a problem and say it there; nothing where it has no line. */
  point(problem: Problem): void {
    this.clear();
    if (!problem.line) return;
    const line = Math.min(Math.max(problem.line - 1, 0), this.yasqe.lineCount() - 1);
    const column = Math.max((problem.column ?? 1) - 1, 0);
    const handle = this.yasqe.addLineClass(line, "wrap", "problem-line");
    const widget = this.yasqe.addLineWidget(
      line,
      make("p", { class: "problem-here" }, problem.detail),
    );
    const end = this.yasqe.getLine(line).length;
    const mark = this.yasqe.markText(
      { line, ch: Math.min(column, Math.max(end - 1, 0)) },
      { line, ch: Math.max(column + 1, end) },
      { className: "problem-mark" },
    );
    this.yasqe.setCursor({ line, ch: column });
    this.pointed = {
      clear: () => {
        this.yasqe.removeLineClass(handle, "wrap", "problem-line");
        widget.clear();
        mark.clear();
      },
    };
  }

  clear(): void {
    this.pointed?.clear();
    this.pointed = null;
  }

  private offer(automatic: boolean): void {
    if (automatic && this.yasqe.state.completionActive) return; // it follows by itself
    const { list, from, to } = this.hints();
    const only = list[0]?.text === this.yasqe.getRange(from, to);
    if (!list.length || (automatic && (only || from.ch === to.ch))) return;
    this.yasqe.showHint({
      hint: () => this.hints(),
      completeSingle: false,
      closeCharacters: /[\s()[\]{};,>]/,
    });
  }

  private hints() {
    const to = this.yasqe.getCursor() as Spot;
    const before = this.yasqe.getRange({ line: 0, ch: 0 }, to);
    const word = WORD.exec(before)?.[0] ?? "";
    const rest = this.yasqe.getRange(to, { line: this.yasqe.lineCount(), ch: 0 });
    const found = offers(this.words, before.slice(0, before.length - word.length), word, rest);
    const from = { line: to.line, ch: to.ch - word.length };
    return { list: found.map((each) => this.hint(each)), from, to };
  }

  private hint(offer: Offer) {
    return {
      text: offer.text,
      render: (element: HTMLElement) => {
        element.append(
          make("code", {}, offer.text),
          make("span", { class: "hint-label" }, offer.label),
          make("span", { class: "hint-number" }, offer.number ? shown(offer.number) : ""),
        );
      },
      hint: (_: unknown, { from, to }: { from: Spot; to: Spot }) => {
        this.yasqe.replaceRange(offer.text, from, to);
        if (offer.prefix) this.yasqe.addPrefixes({ [offer.prefix[0]]: offer.prefix[1] });
      },
    };
  }
}
