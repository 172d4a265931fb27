// What is seen, as files.

const NOT_XML = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const GRAPHML = "http://graphml.graphdrawing.org/xmlns";
const FIELDS = { node: ["label", "kind"], edge: ["label", "property"] };
const WIDEST = 8000;

function save(name, content) {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(content);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}

const visible = (graph) => graph.elements(":visible");

function graphml(graph) {
  const made = document.implementation.createDocument(GRAPHML, "graphml");
  const add = (parent, name, attributes, text = "") => {
    const one = made.createElementNS(GRAPHML, name);
    for (const [attribute, value] of Object.entries(attributes)) one.setAttribute(attribute, value.replace(NOT_XML, "\uFFFD"));
    one.textContent = text.replace(NOT_XML, "\uFFFD");
    parent.append(one);
    return one;
  };
  for (const [about, fields] of Object.entries(FIELDS)) {
    for (const field of fields) {
      add(made.documentElement, "key", { id: `${about}-${field}`, for: about, "attr.name": field, "attr.type": "string" });
    }
  }
  const body = add(made.documentElement, "graph", { edgedefault: "directed" });
  const data = (place, about, element) => {
    for (const field of FIELDS[about]) add(place, "data", { key: `${about}-${field}` }, element.data(field) ?? "");
  };
  visible(graph).nodes().forEach((node) => data(add(body, "node", { id: node.id() }), "node", node));
  visible(graph).edges().forEach((edge) => {
    data(add(body, "edge", { source: edge.source().id(), target: edge.target().id() }), "edge", edge);
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(made)}\n`;
}

export const files = {
  json(graph) {
    const elements = visible(graph).jsons().map(({ group, data, position }) => ({ group, data, position }));
    save("graph.cyjs", new Blob([JSON.stringify({ elements }, null, 1)], { type: "application/json" }));
  },
  graphml(graph) {
    save("graph.graphml", new Blob([graphml(graph)], { type: "application/xml" }));
  },
  async png(graph) {
    const bg = getComputedStyle(document.documentElement).backgroundColor;
    save("graph.png", await graph.png({ output: "blob-promise", full: true, scale: 2, maxWidth: WIDEST, maxHeight: WIDEST, bg }));
  },
};
