// A graph on the page: nodes coloured by kind, laid out, in light and dark.
import cytoscape from "cytoscape";
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
import { WRAPPED, nameWhatFits } from "./names.js";

// What is drawn most often is told apart best.
const HUES = {
  trial: 212,
  antigen: 140,
  country: 28,
  city: 52,
  facility: 8,
  organization: 95,
  study: 232,
  "site participation": 180,
  arm: 265,
  product: 305,
  finding: 340,
};
const MANY = 400;
const FEW = 150;
const RESTS = 80;
const darkness = matchMedia("(prefers-color-scheme: dark)");

// The same kind has the same colour on every page and in every view.
export function hue(kind) {
  let sum = 0;
  for (const letter of kind) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  return HUES[kind] ?? sum % 360;
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
        // In a small graph that is drawn small names stay legible.
        "font-size": (node) => (node.cy().nodes().length <= FEW ? 14 : 10),
        "min-zoomed-font-size": 6,
        "text-wrap": "wrap",
        "text-max-width": WRAPPED,
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
    { selector: "node.unnamed", style: { label: "" } },
    { selector: "node:selected", style: { "border-width": 3, "border-color": ink(), width: 20, height: 20 } },
    // Arrows cost most of the time of drawing, and cannot be told apart in such a crowd.
    { selector: "edge.crowded", style: { "curve-style": "haystack", "target-arrow-shape": "none", opacity: 0.6 } },
    { selector: ".hidden", style: { display: "none" } },
  ];
}

// The drawing library adds a style to the page unless it is there; the style sheet says the same.
function keepOwnStyle() {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const nonce = document.querySelector('meta[name="nonce"]').content;
  document.head.append(Object.assign(document.createElement("style"), { id, nonce }));
}

export function draw(container) {
  keepOwnStyle();
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
  // Once it rests: names are chosen anew for what is seen, and how large.
  let resting;
  graph.on("viewport select unselect add remove position seen", () => {
    clearTimeout(resting);
    resting = setTimeout(() => nameWhatFits(graph, short), RESTS);
  });
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
  circles: { name: "concentric", minNodeSpacing: 30, concentric: (node) => node.degree(), levelWidth: () => 3 },
  levels: { name: "breadthfirst", directed: false, spacingFactor: 1.2 },
  grid: { name: "grid", condense: true, sort: (one, other) => (one.data("kind") < other.data("kind") ? -1 : 1) },
};

// Links pull, nodes push: from where they are, or from a spiral in their order; the same each time.
function byForces(seen, anew) {
  const nodes = seen.nodes().map((node) => ({ id: node.id(), ...(anew ? {} : node.position()) }));
  const links = seen.edges().map((edge) => ({ source: edge.source().id(), target: edge.target().id() }));
  // Few nodes have room for their names.
  const room = nodes.length <= FEW ? 2 : 1;
  const ticks = Math.min(300, Math.max(60, Math.round(120_000 / nodes.length)));
  forceSimulation(nodes)
    .force("link", forceLink(links).id((node) => node.id).distance(80 * room))
    .force("charge", forceManyBody().strength(-260).distanceMax(900).theta(1.1))
    .force("collide", forceCollide(24 * room))
    .force("x", forceX().strength(0.05))
    .force("y", forceY().strength(0.07))
    .alphaDecay(1 - 0.001 ** (1 / ticks))
    .stop()
    .tick(ticks);
  const places = new Map(nodes.map(({ id, x, y }) => [id, { x, y }]));
  seen.nodes().positions((node) => places.get(node.id()));
}

export function layOut(graph, name = "forces", anew = true) {
  const seen = graph.elements(":visible");
  const size = seen.nodes().length;
  graph.edges().toggleClass("named", size <= 40).toggleClass("crowded", size > MANY);
  if (!size) return;
  if (name === "forces") byForces(seen, anew);
  else seen.layout({ ...layouts[name], animate: false, fit: false }).run();
  fit(graph);
}
