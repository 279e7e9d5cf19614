/** The look of the document, in the colours of the page. */
import type { EditorView } from "@codemirror/view";

const wavy = (colour: string) => ({
  backgroundImage: "none",
  textDecoration: `underline wavy ${colour} 1.5px`,
  textUnderlineOffset: "3px",
  textDecorationSkipInk: "none",
  paddingBottom: "0",
});
/** A sign of its own beside each severity: a filled disc, a triangle, a ring. */
const sign = (text: string, colour: string) => ({
  content: `"${text}"`,
  color: colour,
  display: "block",
  textAlign: "center",
  lineHeight: "1.5",
  fontFamily: "var(--sans)",
});

export const LOOK: Parameters<typeof EditorView.theme>[0] = {
  "&": {
    backgroundColor: "var(--page)",
    color: "var(--text)",
    fontSize: "var(--small)",
    height: "100%",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-placeholder": { color: "var(--quiet)", fontFamily: "var(--sans)" },
  ".cm-gutters": {
    backgroundColor: "var(--panel)",
    color: "var(--quiet)",
    borderRight: "1px solid var(--line)",
  },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": {
    backgroundColor: "color-mix(in srgb, var(--panel) 60%, transparent)",
  },
  "&.cm-focused .cm-activeLineGutter": { color: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--mark)" },
  ".cm-gutter-lint": { width: "1.5em" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker": { width: "100%", height: "auto" },
  ".cm-lint-marker-error, .cm-lint-marker-warning, .cm-lint-marker-info": { content: "normal" },
  ".cm-lint-marker-error:before": sign("●", "var(--alarm)"),
  ".cm-lint-marker-warning:before": sign("▲", "var(--factor)"),
  ".cm-lint-marker-info:before": sign("○", "var(--actor)"),
  ".cm-lintRange-error": wavy("var(--alarm)"),
  ".cm-lintRange-warning": wavy("var(--factor)"),
  ".cm-lintRange-info": wavy("var(--actor)"),
  ".cm-lintPoint:after": { borderBottomColor: "var(--alarm)" },
  ".cm-tooltip, .cm-panels": {
    backgroundColor: "var(--page)",
    color: "var(--text)",
    border: "1px solid var(--quiet)",
    borderRadius: "6px",
  },
  ".cm-tooltip": {
    maxWidth: "38rem",
    boxShadow: "0 4px 16px rgb(0 0 0 / 20%)",
    overflow: "hidden",
  },
  ".cm-diagnostic": { padding: "6px 12px", fontFamily: "var(--sans)", fontSize: "var(--small)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--alarm)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--factor)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--actor)" },
  ".cm-diagnosticSource": { fontSize: "var(--small)", opacity: "1", color: "var(--quiet)" },
  ".cm-diagnosticAction": {
    backgroundColor: "var(--text)",
    color: "var(--page)",
    font: "inherit",
    fontFamily: "var(--mono)",
    padding: "2px 10px",
    margin: "4px 0",
    borderRadius: "6px",
    display: "block",
    maxWidth: "100%",
    overflowWrap: "anywhere",
    textAlign: "left",
  },
};
