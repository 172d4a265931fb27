// Which names are drawn where not all can be read: of the chosen node, then of the most linked.
const LEGIBLE = 11;
const LINE = 14 / LEGIBLE;
// As wide as a name may be on the screen, and in the drawing, where that is larger.
const WIDEST = 100;
export const WRAPPED = 110;
const GAP = 3;
const pen = document.createElement("canvas").getContext("2d");
pen.font = `${LEGIBLE}px "Helvetica Neue", Helvetica, sans-serif`;

// The room that a name takes at a size, its words broken into lines as the drawing library does.
function measured(text, size, widest) {
  const large = size / LEGIBLE;
  let lines = 1;
  let width = 0;
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width * large > widest) {
      lines += 1;
      line = word;
    } else line = longer;
    width = Math.max(width, pen.measureText(line).width * large);
  }
  return { width, height: lines * LINE * size };
}

const apart = (one, other) =>
  one.right + GAP < other.left || other.right + GAP < one.left || one.bottom + GAP < other.top || other.bottom + GAP < one.top;

function box(node, text, zoom, size, widest) {
  const { x, y } = node.renderedPosition();
  const { width, height } = measured(text, size, widest);
  const top = y + node.renderedHeight() / 2 + 2 * zoom;
  return { left: x - width / 2, right: x + width / 2, top, bottom: top + height };
}

// Draw the names that fit beside each other, at a size that can be read.
export function nameWhatFits(graph, short) {
  if (graph.destroyed()) return;
  const zoom = graph.zoom();
  const nodes = graph.nodes(":visible");
  if (nodes.empty()) return;
  nodes.removeStyle("font-size text-max-width").removeClass("unnamed");
  const own = nodes[0].numericStyle("font-size") * zoom;
  const size = Math.max(LEGIBLE, own);
  const widest = own < LEGIBLE ? WIDEST : WRAPPED * zoom;
  const rank = (node) => (node.selected() ? Infinity : node.degree());
  const [width, height] = [graph.width(), graph.height()];
  const taken = [];
  const named = graph.collection();
  for (const node of nodes.toArray().sort((one, other) => rank(other) - rank(one))) {
    const place = box(node, short(node.data("label")), zoom, size, widest);
    const inside = place.left >= 0 && place.right <= width && place.top >= 0 && place.bottom <= height;
    if (node.selected() || (inside && taken.every((one) => apart(one, place)))) {
      taken.push(place);
      named.merge(node);
    }
  }
  graph.batch(() => {
    nodes.difference(named).addClass("unnamed");
    if (own < LEGIBLE) named.style({ "font-size": size / zoom, "text-max-width": widest / zoom });
  });
}
