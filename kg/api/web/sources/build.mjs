// Builds what the pages load into ../assets: scripts in one file each, and the map of the world.
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { mesh, feature } from "topojson-client";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const require = createRequire(import.meta.url);

const scripts = ["explore.js", "query.js"]; // what pages load; the rest is shared between them
await rm(here("../assets"), { recursive: true, force: true });
await mkdir(here("../assets"), { recursive: true });
await build({
  entryPoints: scripts.map((name) => here(name)),
  outdir: here("../assets"),
  bundle: true,
  splitting: true,
  chunkNames: "[name]-[hash]",
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "eof",
});

// Longitude to the right, latitude upwards: one unit is one degree, so that a site is its own place.
const digits = (number) => Math.round(number * 10) / 10;
// What crosses the date line goes on at the other edge of the map, not straight through it.
const near = (points, index) => index > 0 && Math.abs(points[index][0] - points[index - 1][0]) < 180;
const line = (points) =>
  points.map(([x, y], i) => `${near(points, i) ? "L" : "M"}${digits(x)} ${digits(-y)}`).join("");
// A ring that is cut there begins at the cut, so that each of its parts closes along the edge.
const turned = (ring) => {
  const cut = ring.findIndex((_, index) => index > 0 && !near(ring, index));
  return cut < 0 ? ring : [...ring.slice(cut), ...ring.slice(1, cut)];
};
const rings = (geometry) =>
  geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();

const world = JSON.parse(await readFile(require.resolve("world-atlas/countries-110m.json"), "utf8"));
const land = feature(world, world.objects.land);
const shapes = (land.features ?? [land]).flatMap((one) => rings(one.geometry));
const borders = mesh(world, world.objects.countries, (one, other) => one !== other).coordinates;
await writeFile(
  here("../assets/world.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -84 360 144"><g id="land">` +
    `<path fill="#9aa7b5" fill-opacity=".45" d="${shapes.map((ring) => line(turned(ring))).join("")}"/>` +
    `<path fill="none" stroke="#9aa7b5" stroke-width=".25" d="${borders.map(line).join("")}"/></g></svg>\n`,
);

// Compressed once here, better than a server could for each answer.
const built = await readdir(here("../assets"));
for (const name of built) {
  const content = await readFile(here(`../assets/${name}`));
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } };
  await writeFile(here(`../assets/${name}.br`), brotliCompressSync(content, options));
}
console.log(`built ${built.join(", ")}`);
