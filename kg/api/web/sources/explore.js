// The graph explorer: what is seen stands in the address, so that it can be shared.
import { draw, fit, hue, layOut } from "./drawing.js";
import { files } from "./files.js";
import { read, written } from "./state.js";

const MOST = 2000;
const PAGE = 50;
const WHOLE = 500;
const LISTED = 100;
const AT_ONCE = 6;

const element = (id) => document.getElementById(id);
const section = element("explorer");
const start = section.dataset.node;
section.hidden = false;
element("lists").open = false;

const graph = draw(element("graph"));
const asked = new Map(); // kind of link of a node -> how many of its things were asked for
const added = new Set();
const removed = new Set();
const hiddenKinds = new Set();
const known = new Map();
let selected = null;
let saved = Promise.resolve();

const say = (text) => (element("state").textContent = text);
const key = (...parts) => JSON.stringify(parts);

async function ask(path, parameters) {
  const answer = await fetch(`${path}?${new URLSearchParams(parameters)}`);
  if (!answer.ok) throw new Error((await answer.json()).detail);
  return answer.json();
}

async function seen(iri) {
  if (!known.has(iri)) known.set(iri, await ask("/node.json", { iri }));
  return known.get(iri);
}

function add(node, near) {
  if (removed.has(node.iri) || graph.getElementById(node.iri).nonempty()) return;
  if (graph.nodes().length >= MOST) throw new Error(`${MOST} nodes are drawn; remove some to see others`);
  const made = graph.add({ data: { id: node.iri, label: node.label, kind: node.type ?? "other" } });
  if (near) made.position({ ...graph.getElementById(near).position() });
}

function connect(iri, link, found) {
  for (const node of found.nodes) {
    add(node, iri);
    const [source, target] = link.outwards ? [iri, node.iri] : [node.iri, iri];
    const ends = [source, target].map((one) => graph.getElementById(one));
    const id = key(source, link.property, target);
    if (ends.every((one) => one.nonempty()) && graph.getElementById(id).empty()) {
      graph.add({ data: { id, source, target, label: link.label, property: link.property } });
    }
  }
}

// Ask for the next things of a link, all of them where `whole`; return whether there are more.
async function follow(iri, link, whole) {
  const name = key(iri, link.property, link.outwards);
  let more;
  do {
    const offset = asked.get(name) ?? 0;
    const { property, outwards } = link;
    const limit = whole ? WHOLE : PAGE;
    const found = await ask("/neighbours.json", { iri, property, outwards, offset, limit });
    connect(iri, link, found);
    asked.set(name, offset + limit);
    more = found.more;
  } while (whole && more);
  return more;
}

async function expand(iri, link, whole) {
  say(`asking for ${link.label} …`);
  try {
    await follow(iri, link, whole);
  } finally {
    layOut(graph, element("layout").value, false);
    settle();
    await panel(iri);
  }
}

async function select(iri) {
  selected = iri;
  add(await seen(iri));
  graph.elements().unselect();
  graph.getElementById(iri).select();
  await panel(iri);
  settle();
}

const made = (name, properties, ...children) => {
  const one = Object.assign(document.createElement(name), properties);
  one.append(...children);
  return one;
};
const attempt = (work) => () => work().catch((error) => say(error.message));
const button = (text, name, work) => {
  const one = made("button", { type: "button", textContent: text, className: "plain" });
  one.dataset.key = name;
  one.addEventListener("click", attempt(work));
  return one;
};
const list = (items) => made("ul", { className: "chips" }, ...items.map((one) => made("li", {}, ...one)));

function linkItem(iri, link) {
  const name = key(iri, link.property, link.outwards);
  const drawn = Math.min(asked.get(name) ?? 0, link.nodes);
  const label = `${link.outwards ? "" : "← "}${link.label}`;
  const all = drawn >= link.nodes;
  const count = drawn ? `${drawn.toLocaleString("en")} of ${link.nodes.toLocaleString("en")}` : link.nodes.toLocaleString("en");
  const one = button(`${label} (${count})`, name, () => expand(iri, link, false));
  one.disabled = all;
  const rest = link.nodes - drawn;
  if (rest <= PAGE || rest > MOST) return [one];
  return [one, " ", button("all", `all ${name}`, () => expand(iri, link, true))];
}

async function panel(iri) {
  if (selected !== iri) return;
  const node = await seen(iri);
  const place = element("panel");
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const page = node.page ? [made("a", { href: node.page, textContent: "Its page" })] : [];
  const drawn = graph.getElementById(iri).neighborhood("node:visible").toArray();
  const neighbours = drawn.slice(0, LISTED).map((one) => [
    button(one.data("label"), `go ${one.id()}`, () => select(one.id())),
  ]);
  place.replaceChildren(
    made("h2", { textContent: node.label }),
    made("p", { className: "quiet" }, node.type ?? "", " ", ...page),
    made("h3", { textContent: "Show what it is linked with" }),
    list(node.links.map((link) => linkItem(iri, link))),
    ...(drawn.length ? [made("h3", { textContent: `Drawn beside it (${drawn.length})` }), list(neighbours)] : []),
  );
  const again = [...place.querySelectorAll("button")].find((one) => one.dataset.key === focused);
  if (again && !again.disabled) again.focus();
  else if (focused) place.focus();
}

function settle() {
  const kinds = new Map();
  graph.nodes().forEach((node) => {
    const kind = node.data("kind");
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    node.toggleClass("hidden", hiddenKinds.has(kind));
  });
  const there = element("kinds").contains(document.activeElement) ? document.activeElement.name : null;
  element("kinds").replaceChildren(...[...kinds].sort().map(([kind, count]) => chip(kind, count)));
  graph.emit("seen");
  if (there) element("kinds").querySelector(`[name="${CSS.escape(there)}"]`)?.focus();
  say(`${graph.nodes().length.toLocaleString("en")} nodes, ${graph.edges().length.toLocaleString("en")} links`);
  saved = saved.then(keep, keep);
}

// The address without its state is that of the page without script, so that it works there too.
async function keep() {
  const state = {
    added: [...added],
    asked: [...asked].map(([name, count]) => [...JSON.parse(name), count]),
    removed: [...removed],
    hidden: [...hiddenKinds],
    layout: element("layout").value,
    selected,
  };
  const fragment = await written(graph, state);
  history.replaceState(null, "", `?${new URLSearchParams({ node: start })}#${fragment}`);
  element("share").href = location.href;
}

function chip(kind, count) {
  const box = made("input", { type: "checkbox", name: kind, checked: !hiddenKinds.has(kind) });
  box.addEventListener("change", () => {
    box.checked ? hiddenKinds.delete(kind) : hiddenKinds.add(kind);
    settle();
  });
  const dot = made("span", { className: "dot" });
  dot.style.setProperty("--hue", hue(kind));
  return made("label", {}, box, dot, `${kind} (${count.toLocaleString("en")})`);
}

function remove() {
  const gone = graph.$("node:selected");
  gone.forEach((node) => {
    removed.add(node.id());
    added.delete(node.id());
  });
  gone.remove();
  graph.$("edge:selected").remove();
  selected = null;
  element("panel").replaceChildren(made("p", { className: "quiet", textContent: "Choose a node." }));
  settle();
}

const lay = () => {
  layOut(graph, element("layout").value);
  settle();
};
const tools = {
  lay,
  remove,
  fit: () => fit(graph),
  json: () => files.json(graph),
  graphml: () => files.graphml(graph),
  png: () => files.png(graph),
};
section.querySelectorAll("[data-do]").forEach((one) => {
  one.addEventListener("click", attempt(async () => tools[one.dataset.do]()));
});
element("layout").addEventListener("change", lay);
graph.on("tap", "node", (event) => attempt(() => select(event.target.id()))());
graph.on("dragfree", "node", settle);

const step = (x, y) => () => graph.panBy({ x, y });
const zoom = (by) => () =>
  graph.zoom({ level: graph.zoom() * by, renderedPosition: { x: graph.width() / 2, y: graph.height() / 2 } });
const keys = {
  ArrowLeft: step(60, 0),
  ArrowRight: step(-60, 0),
  ArrowUp: step(0, 60),
  ArrowDown: step(0, -60),
  "+": zoom(1.25),
  "-": zoom(0.8),
  0: () => fit(graph),
  Delete: remove,
};
element("graph").addEventListener("keydown", (event) => {
  if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
});

element("lookup").addEventListener(
  "submit",
  (event) => {
    event.preventDefault();
    attempt(async () => {
      const found = await ask("/lookup.json", { q: new FormData(event.target).get("q") });
      const items = found.nodes.map((node) => [
        button(`${node.label} · ${node.type}`, `found ${node.iri}`, async () => {
          removed.delete(node.iri);
          added.add(node.iri);
          await select(node.iri);
          lay();
        }),
      ]);
      element("found").replaceChildren(...list(items).children);
      say(found.nodes.length ? `${found.nodes.length} found` : "nothing has a name like this");
    })();
  },
);

// Ask for what an address holds: some requests at once, drawn in the order in which it came to be.
async function restore(state) {
  for (const iri of state.added) added.add(iri);
  for (const iri of state.removed) removed.add(iri);
  for (const kind of state.hidden) hiddenKinds.add(kind);
  element("layout").value = state.layout;
  for (const iri of [start, ...added]) if (!removed.has(iri)) add(await seen(iri));
  const wanted = state.asked.flatMap(([iri, property, outwards, count]) =>
    Array.from({ length: Math.ceil(count / WHOLE) }, (_, part) => {
      const offset = part * WHOLE;
      return { iri, property, outwards, offset, limit: Math.min(WHOLE, count - offset) };
    }),
  );
  for (let place = 0; place < wanted.length; place += AT_ONCE) {
    const some = wanted.slice(place, place + AT_ONCE);
    say(`asking again: ${place} of ${wanted.length} …`);
    const found = await Promise.all(some.map((one) => ask("/neighbours.json", one)));
    some.forEach(({ iri, property, outwards, offset, limit }, index) => {
      connect(iri, { property, outwards, label: found[index].label }, found[index]);
      asked.set(key(iri, property, outwards), offset + limit);
    });
  }
}

async function begin() {
  const state = await read(location.hash.slice(1));
  if (state) await restore(state);
  else await follow(start, await first(), false);
  const wanted = state?.selected ?? start;
  await select(removed.has(wanted) ? graph.nodes()[0].id() : wanted);
  if (!state?.place(graph)) layOut(graph, element("layout").value);
  fit(graph);
  section.dataset.ready = "true";
}

// What people look for first, where a node has it.
const FIRST = ["targets", "investigates", "leadSponsor", "condition", "product", "facility"];
const rank = (link) => {
  const place = FIRST.findIndex((name) => link.property.endsWith(`#${name}`));
  return place < 0 ? FIRST.length : place;
};

// A node alone says little: of what the graph says of it, the most that is drawn at once comes along.
async function first() {
  const node = await seen(start);
  add(node);
  const own = node.links.filter((one) => one.property.startsWith(section.dataset.own));
  const few = own.filter((one) => one.nodes <= PAGE);
  return [...(few.length ? few : node.links)].sort((one, other) => rank(one) - rank(other) || other.nodes - one.nodes)[0];
}

begin().catch((error) => say(error.message));
