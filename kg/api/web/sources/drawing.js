// A graph on the page: nodes coloured by kind, laid out by forces, in light and dark.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

const HUES = [212, 28, 140, 340, 265, 180, 52, 95, 305, 8];
const hues = new Map();

export function hue(kind) {
  if (!hues.has(kind)) hues.set(kind, HUES[hues.size % HUES.length]);
  return hues.get(kind);
}

const dark = () => matchMedia("(prefers-color-scheme: dark)").matches;
const colour = (kind) => `hsl(${hue(kind)}, 55%, ${dark() ? 62 : 42}%)`;
const ink = () => (dark() ? "#e6e9ee" : "#1c2128");

export function draw(container, elements = []) {
  return cytoscape({
    container,
    elements,
    textureOnViewport: true,
    hideEdgesOnViewport: true,
    wheelSensitivity: 0.3,
    style: [
      {
        selector: "node",
        style: {
          "background-color": (node) => colour(node.data("kind") ?? ""),
          label: (node) => short(node.data("label")),
          color: ink(),
          "font-size": 10,
          "min-zoomed-font-size": 7,
          "text-wrap": "wrap",
          "text-max-width": 110,
          "text-valign": "bottom",
          width: 16,
          height: 16,
        },
      },
      {
        selector: "edge",
        style: {
          width: 1,
          "line-color": "#8a94a3",
          "target-arrow-color": "#8a94a3",
          "target-arrow-shape": "triangle",
          "arrow-scale": 0.7,
          "curve-style": "haystack",
          label: "",
        },
      },
      { selector: "edge:selected", style: { label: "data(label)", "font-size": 9, color: ink() } },
      { selector: "node:selected", style: { "border-width": 3, "border-color": ink() } },
      { selector: ".hidden", style: { display: "none" } },
    ],
  });
}

export function layOut(graph) {
  const quality = graph.nodes().length > 600 ? "draft" : "default";
  graph.layout({ name: "fcose", quality, animate: false, randomize: true, nodeSeparation: 90 }).run();
}

function short(text) {
  return text && text.length > 44 ? `${text.slice(0, 43)}…` : text;
}
