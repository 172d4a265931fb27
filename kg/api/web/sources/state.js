// What is seen as a part of an address: compressed, with the place of each node.

const FORMAT = "1";
const LONGEST = 4_000_000;
const UNITS = 4;

const base64 = (bytes) =>
  btoa(Array.from(bytes, (one) => String.fromCharCode(one)).join(""))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

async function through(stream, bytes) {
  const answer = new Response(new Blob([bytes]).stream().pipeThrough(stream));
  return new Uint8Array(await answer.arrayBuffer());
}

// Which nodes there are, in their order: places are of use for exactly these.
function mark(graph) {
  let sum = 0;
  graph.nodes().forEach((node) => {
    for (const letter of node.id()) sum = (sum * 31 + letter.codePointAt(0)) >>> 0;
  });
  return sum;
}

export async function written(graph, state) {
  const places = graph.nodes().map((node) => {
    const { x, y } = node.position();
    return [Math.round(x / UNITS), Math.round(y / UNITS)];
  });
  const text = JSON.stringify({ ...state, places: places.flat(), mark: mark(graph) });
  const packed = await through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  return `${FORMAT}.${base64(packed)}`;
}

// Return the state of an address, null where there is none; its place() tells whether it fitted.
export async function read(fragment) {
  if (!fragment) return null;
  try {
    const [format, packed] = fragment.split(".");
    if (format !== FORMAT) throw new Error("another format");
    const bytes = await through(new DecompressionStream("deflate-raw"), bytesOf(packed));
    if (bytes.length > LONGEST) throw new Error("too long");
    return checked(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    throw new Error(`this address holds no view (${error.message}); take away what stands behind #`);
  }
}

function checked(state) {
  const texts = [state.added, state.removed, state.hidden];
  const fits = [...texts, state.asked, state.places].every(Array.isArray);
  if (!fits || !texts.flat().every((one) => typeof one === "string")) throw new Error("not of ours");
  return {
    ...state,
    place(graph) {
      if (state.mark !== mark(graph) || state.places.length !== 2 * graph.nodes().length) return false;
      graph.nodes().forEach((node, index) => {
        const [x, y] = state.places.slice(2 * index, 2 * index + 2);
        node.position({ x: x * UNITS, y: y * UNITS });
      });
      return true;
    },
  };
}
