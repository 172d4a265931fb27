// A graph on the page: nodes coloured by kind, laid out, in light and dark.
import cytoscape from "cytoscape";
import fcose from "cytoscape-fcose";

cytoscape.use(fcose);

const HUES = [212, 28, 140, 340, 265, 180, 52, 95, 305, 8];
const MANY = 400;
const darkness = matchMedia("(prefers-color-scheme: dark)");

// The same kind has the same colour on every page and in every view.
export function hue(kind) {
  let sum = 0;
  for (const letter of kind) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return HUES[sum % HUES.length];
}

const colour = (node) => `hsl(${hue(node.data("kind"))}, 55%, ${darkness.matches ? 62 : 42}%)`;
const ink = () => (darkness.matches ? "#e6e9ee" : "#1c2128");
const short = (text) => (text.length > 44 ? `${text.slice(0, 43)}…` : text);

function styles() {
  return [
    {
      selector: "node",
      style: {
        "background-color": colour,
        label: (node) => short(node.data("label")),
        color: ink(),
        "font-size": 10,
        "min-zoomed-font-size": 6,
        "text-wrap": "wrap",
        "text-max-width": 110,
        "text-valign": "bottom",
        "text-margin-y": 2,
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
        "curve-style": "straight",
      },
    },
    {
      selector: "edge.named, edge:selected",
      style: { label: "data(label)", "font-size": 8, color: ink(), "text-rotation": "autorotate", "min-zoomed-font-size": 6 },
    },
    { selector: "node:selected", style: { "border-width": 3, "border-color": ink(), width: 20, height: 20 } },
    // Arrows cost most of the time of drawing, and cannot be told apart in such a crowd.
    { selector: "edge.crowded", style: { "curve-style": "haystack", "target-arrow-shape": "none", opacity: 0.6 } },
    { selector: ".hidden", style: { display: "none" } },
  ];
}

export function draw(container) {
  const graph = cytoscape({
    container,
    style: styles(),
    maxZoom: 3,
    minZoom: 0.02,
    textureOnViewport: true,
    hideEdgesOnViewport: true,
    pixelRatio: "auto",
  });
  darkness.addEventListener("change", () => graph.style(styles()));
  return graph;
}

// Show all of it, a single node at its own size.
export function fit(graph) {
  const seen = graph.elements(":visible");
  graph.fit(seen, 40);
  if (graph.zoom() > 1.4) {
    graph.zoom(1.4);
    graph.center(seen);
  }
}

const layouts = {
  forces: (size) => ({
    name: "fcose",
    quality: size > MANY ? "draft" : "default",
    nodeSeparation: 90,
    idealEdgeLength: 90,
    nodeRepulsion: 9000,
    packComponents: true,
  }),
  circles: () => ({ name: "concentric", minNodeSpacing: 30, concentric: (node) => node.degree(), levelWidth: () => 3 }),
  levels: () => ({ name: "breadthfirst", directed: false, spacingFactor: 1.2 }),
  grid: () => ({ name: "grid", condense: true, sort: (one, other) => (one.data("kind") < other.data("kind") ? -1 : 1) }),
};

// The same graph lies the same way each time: chance begins anew with each layout.
function seeded(work) {
  const chance = Math.random;
  let state = 20_260_101;
  Math.random = () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  try {
    return work();
  } finally {
    Math.random = chance;
  }
}

export async function layOut(graph, name = "forces") {
  const seen = graph.elements(":visible");
  const size = seen.nodes().length;
  graph.edges().toggleClass("named", size <= 40).toggleClass("crowded", size > MANY);
  if (!size) return;
  const layout = seen.layout({ ...layouts[name](size), animate: false, randomize: true, fit: false });
  const done = layout.promiseOn("layoutstop");
  seeded(() => layout.run());
  await done;
  fit(graph);
}
