// The query editor: colours, completion and brackets over the text area, which stays what is sent.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { StreamLanguage, bracketMatching, defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { draw, layOut } from "./drawing.js";

const area = document.getElementById("query");
const form = area.form;
const nonce = document.querySelector('meta[name="nonce"]')?.content ?? "";

let terms;
async function complete(context) {
  const word = context.matchBefore(/[\w.-]*:?[\w.-]*/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  terms ??= fetch("/completions.json").then((answer) => answer.json());
  return { from: word.from, options: await terms, validFor: /^[\w.-]*:?[\w.-]*$/ };
}

const run = () => {
  form.requestSubmit();
  return true;
};
const view = new EditorView({
  state: EditorState.create({
    doc: area.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      lineNumbers(),
      history(),
      bracketMatching(),
      closeBrackets(),
      syntaxHighlighting(defaultHighlightStyle),
      StreamLanguage.define(sparql),
      autocompletion({ override: [complete] }),
      keymap.of([{ key: "Mod-Enter", run }, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": "Query" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
    ],
  }),
});
area.before(view.dom);
area.hidden = true;

const canvas = document.getElementById("graph");
if (canvas) {
  const graph = draw(canvas);
  for (const row of document.querySelectorAll("#rows tbody tr")) {
    const things = [...row.querySelectorAll("a[data-iri]")];
    const [from, ...others] = row.children.length === 3 && things.length === 3 ? [things[0], things[2]] : things;
    for (const thing of [from, ...others]) {
      if (thing && graph.getElementById(thing.dataset.iri).empty()) {
        graph.add({ data: { id: thing.dataset.iri, label: thing.textContent, kind: thing.textContent.split(":")[0] } });
      }
    }
    for (const other of others) {
      const id = `${from.dataset.iri} ${other.dataset.iri}`;
      if (graph.getElementById(id).empty()) {
        graph.add({ data: { id, source: from.dataset.iri, target: other.dataset.iri, label: "" } });
      }
    }
  }
  layOut(graph);
}
