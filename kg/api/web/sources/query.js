// The query editor over the text area, which stays what is sent; and the answer as a graph.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const area = document.getElementById("query");
const form = area.form;
const nonce = document.querySelector('meta[name="nonce"]').content;
const NAME = /[\p{L}\w.-]*:?[\p{L}\w.\\\/-]*$/u;

const MOST = 80;
// How well a term fits what was typed: by its own name, its local name, then by what it is called.
function fit({ label, detail }, typed) {
  const name = label.toLowerCase();
  if (name.startsWith(typed)) return 0;
  if (name.split(":")[1].startsWith(typed)) return 1;
  if (name.includes(typed)) return 2;
  return detail.toLowerCase().includes(typed) ? 3 : -1;
}

let terms;
async function complete(context) {
  const word = context.matchBefore(NAME);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  terms ??= fetch("/completions.json").then((answer) => (answer.ok ? answer.json() : []));
  const typed = word.text.toLowerCase();
  const fitting = (await terms).map((one) => [fit(one, typed), one]).filter(([how]) => how >= 0);
  fitting.sort(([one], [other]) => one - other);
  return { from: word.from, options: fitting.slice(0, MOST).map(([, one]) => one), filter: false };
}

const run = () => {
  form.requestSubmit();
  return true;
};

// Both sides of a colour stand in the style sheet: these rules only say which names it has there.
const look = EditorView.theme({
  "&": { backgroundColor: "var(--soft)", color: "var(--ink)" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.45", maxHeight: "32rem" },
  ".cm-content": { caretColor: "var(--ink)", minHeight: "12rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--soft)", color: "var(--quiet)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { backgroundColor: "var(--page)", color: "var(--ink)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--page)" },
  ".cm-completionDetail": { fontStyle: "normal", opacity: 0.8 },
});

const view = new EditorView({
  state: EditorState.create({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      syntaxHighlighting(classHighlighter),
      StreamLanguage.define(sparql),
      autocompletion({ override: [complete], maxRenderedOptions: 50 }),
      Prec.highest(keymap.of([{ key: "Mod-Enter", run }])),
      // Tab is not bound: it leaves the field, as everywhere on the page.
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "Query", spellcheck: "false" }),
      look,
    ],
  }),
});
area.before(view.dom);
area.hidden = true;
form.addEventListener("submit", () => {
  area.value = view.state.doc.toString();
});
document.querySelector('label[for="query"]').addEventListener("click", () => view.focus());

const error = document.getElementById("error");
if (error?.dataset.line) {
  const doc = view.state.doc;
  const line = doc.line(Math.min(Number(error.dataset.line), doc.lines));
  // The server counts code points, the editor halves of pairs.
  const before = [...line.text].slice(0, Number(error.dataset.column) - 1).join("").length;
  const from = Math.min(line.from + before, line.to);
  const to = Math.min(from + Math.max(error.dataset.token.length, 1), doc.length);
  const message = error.querySelector("strong").textContent;
  view.dispatch(setDiagnostics(view.state, [{ from, to, severity: "error", message }]), {
    selection: { anchor: from },
    scrollIntoView: true,
  });
  view.focus();
}

const canvas = document.getElementById("graph");
if (canvas) {
  const { draw, layOut } = await import("./drawing.js");
  const graph = draw(canvas);
  const add = (thing) => {
    if (graph.getElementById(thing.dataset.iri).empty()) {
      const [kind] = thing.textContent.split(":");
      const label = thing.textContent.split("/").filter(Boolean).at(-1);
      graph.add({ data: { id: thing.dataset.iri, label, kind } });
    }
  };
  // Statements link their ends; the rows of a table link their first thing with the others.
  const ofStatements = canvas.dataset.graph === "true";
  for (const row of document.querySelectorAll("#rows tbody tr")) {
    const [from, ...others] = [...row.children].map((cell) => cell.querySelector("[data-iri]"));
    if (!from) continue;
    add(from);
    for (const other of ofStatements ? others.slice(1) : others) {
      if (!other || other.dataset.iri === from.dataset.iri) continue;
      add(other);
      const label = ofStatements ? others[0].textContent : "";
      const id = JSON.stringify([from.dataset.iri, label, other.dataset.iri]);
      if (graph.getElementById(id).empty()) {
        graph.add({ data: { id, source: from.dataset.iri, target: other.dataset.iri, label } });
      }
    }
  }
  layOut(graph);
  graph.on("tap", "node", (event) => {
    location.href = `/explore?${new URLSearchParams({ node: event.target.id() })}`;
  });
}
