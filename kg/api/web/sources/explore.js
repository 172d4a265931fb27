// The graph explorer: what is drawn is kept in the address, so that it can be shared.
import { draw, hue, layOut } from "./drawing.js";

const MOST = 2000;
const section = document.querySelector("#explorer");
const element = (id) => document.getElementById(id);
section.hidden = false;

const graph = draw(element("graph"));
const opened = new Set();
const hiddenKinds = new Set();

async function ask(path, parameters) {
  const answer = await fetch(`${path}?${new URLSearchParams(parameters)}`);
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
}

function say(text) {
  element("state").textContent = text;
}

function add(node) {
  if (graph.getElementById(node.iri).empty()) {
    graph.add({ data: { id: node.iri, label: node.label, kind: node.type ?? "other" } });
  }
}

function link(from, to, label) {
  const id = `${from} ${label} ${to}`;
  if (graph.getElementById(id).empty()) {
    graph.add({ data: { id, source: from, target: to, label } });
  }
}

async function expand(iri, property, label, outwards, offset = 0) {
  if (graph.nodes().length >= MOST) {
    say(`${MOST} nodes are drawn; remove some to see others`);
    return;
  }
  const found = await ask("/neighbours.json", { iri, property, outwards, offset });
  for (const node of found.nodes) {
    add(node);
    outwards ? link(iri, node.iri, label) : link(node.iri, iri, label);
  }
  opened.add(JSON.stringify([iri, property, label, outwards]));
  settle(true);
  if (found.more) say("50 of them are drawn; ask again for more");
}

async function select(iri) {
  const seen = await ask("/node.json", { iri });
  add(seen);
  graph.nodes().unselect();
  graph.getElementById(iri).select();
  const panel = element("panel");
  const title = document.createElement("h2");
  const page = document.createElement("a");
  page.href = `/explore?${new URLSearchParams({ node: iri })}`;
  page.textContent = seen.label;
  title.append(page);
  const list = document.createElement("ul");
  list.className = "chips";
  for (const one of seen.links) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = `${one.outwards ? "" : "← "}${one.label} (${one.nodes})`;
    let offset = 0;
    button.addEventListener("click", () => {
      expand(iri, one.property, one.label, one.outwards, offset).catch((error) => say(error.message));
      offset += 50;
    });
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  panel.replaceChildren(title, list);
  settle(false);
}

function settle(moved) {
  if (moved) layOut(graph);
  const kinds = new Map();
  graph.nodes().forEach((node) => {
    const kind = node.data("kind");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    node.toggleClass("hidden", hiddenKinds.has(kind));
  });
  element("kinds").replaceChildren(...[...kinds].sort().map(([kind, count]) => chip(kind, count)));
  say(`${graph.nodes().length} nodes, ${graph.edges().length} links`);
  const state = new URLSearchParams({ node: section.dataset.node });
  const nodes = graph.nodes().map((node) => node.id());
  history.replaceState(null, "", `?${state}#${encodeURIComponent(JSON.stringify([...opened]))}`);
  element("share").href = location.href;
  element("share").title = `${nodes.length} nodes`;
}

function chip(kind, count) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.checked = !hiddenKinds.has(kind);
  box.addEventListener("change", () => {
    box.checked ? hiddenKinds.delete(kind) : hiddenKinds.add(kind);
    settle(false);
  });
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  dot.setAttribute("width", "12");
  dot.setAttribute("height", "12");
  dot.setAttribute("aria-hidden", "true");
  const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of Object.entries({ cx: 6, cy: 6, r: 5, fill: `hsl(${hue(kind)}, 55%, 50%)` })) {
    circle.setAttribute(name, value);
  }
  dot.append(circle);
  label.append(box, dot, ` ${kind} (${count})`);
  return label;
}

function save(name, type, content) {
  const anchor = document.createElement("a");
  anchor.href = typeof content === "string" && content.startsWith("data:")
    ? content
    : URL.createObjectURL(new Blob([content], { type }));
  anchor.download = name;
  anchor.click();
}

const tools = {
  layout: () => layOut(graph),
  fit: () => graph.fit(undefined, 30),
  remove: () => {
    graph.$(":selected").remove();
    settle(false);
  },
  json: () => {
    const seen = graph.elements().not(".hidden").jsons();
    save("graph.cyjs", "application/json", JSON.stringify({ elements: seen }, null, 1));
  },
  png: () => save("graph.png", "image/png", graph.png({ full: true, scale: 2 })),
};

section.querySelectorAll("[data-do]").forEach((button) => {
  button.addEventListener("click", () => tools[button.dataset.do]());
});
graph.on("tap", "node", (event) => select(event.target.id()).catch((error) => say(error.message)));

element("lookup").addEventListener("submit", async (event) => {
  event.preventDefault();
  const found = await ask("/lookup.json", { q: new FormData(event.target).get("q") });
  element("found").replaceChildren(
    ...found.nodes.map((node) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = `${node.label} · ${node.type}`;
      button.addEventListener("click", () => {
        add(node);
        layOut(graph);
        select(node.iri).catch((error) => say(error.message));
      });
      item.append(button);
      return item;
    }),
  );
  if (!found.nodes.length) say("nothing has a name like this");
});

async function begin() {
  await select(section.dataset.node);
  const kept = location.hash ? JSON.parse(decodeURIComponent(location.hash.slice(1))) : [];
  for (const one of kept) {
    const [iri, property, label, outwards] = JSON.parse(one);
    await expand(iri, property, label, outwards);
  }
  layOut(graph);
}

begin().catch((error) => say(error.message));
