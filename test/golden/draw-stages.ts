/** Draws the pictures of src/layers/README.md, a stage each, from the sample with the toys: `node --import tsx test/golden/draw-stages.ts`. Look at them before you commit them. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode as decodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { root } from '../../src/cli/prepare.mjs';
import { JOINED_DOWN, JOINED_RIGHT, NOTHING, lensFor, type DepthMap, type Layer } from '../../src/core/index.ts';
import { resize, shrinkPhoto } from '../../src/grid/index.ts';
import { buildHoles, grow, mesh, sharpen, tear } from '../helpers/heart.ts';

type Colour = readonly [number, number, number];
interface Panel {
  width: number;
  height: number;
  at(x: number, y: number): Colour;
}

const WIDTH = 480;
const HEIGHT = 360;
/** How many times smaller the map is that the stages start from: about what a small depth model gives. */
const SMALL = 4;
const EYEBOX = { x: 0.02, y: 0.02, z: 0.06 };
const RED: Colour = [255, 40, 40];
const GREEN: Colour = [60, 200, 90];

const sample = jpeg.decode(readFileSync(join(root, 'test/fixtures/samples/toys/photo.jpg')), { formatAsRGBA: true });
const photo = shrinkPhoto({ ...sample, rgba: new Uint8ClampedArray(sample.data) }, WIDTH, HEIGHT);
const map = decodePng(readFileSync(join(root, 'test/fixtures/samples/toys/depth.png')));
const most = 2 ** map.depth - 1;
const whole = Float32Array.from({ length: map.width * map.height }, (_, i) => map.data[i * map.channels]! / most);
const size = { width: WIDTH / SMALL, height: HEIGHT / SMALL };
const given: DepthMap = { ...size, disparity: resize(whole, map, size) };

const options = { lens: lensFor(WIDTH, HEIGHT), eyebox: EYEBOX };
const depth = sharpen(given, photo, { smoothing: 1, exact: false });
const joins = tear(depth, photo, options);
const grown = grow(photo, depth, joins, options);
const front = grown.layers[0]!;
const hidden = grown.layers[1]!;
const hole = buildHoles(grown, 1)!;
const meshes = mesh(grown.layers, options);

const grey = (d: number): Colour => [255 * d, 255 * d, 255 * d];
const colourOf = (rgba: Uint8ClampedArray, i: number): Colour => [rgba[i * 4]!, rgba[i * 4 + 1]!, rgba[i * 4 + 2]!];
const dim = ([r, g, b]: Colour): Colour => [r * 0.5 + 90, g * 0.5 + 90, b * 0.5 + 90];
const chequer = (x: number, y: number): Colour => (((x >> 3) + (y >> 3)) & 1 ? [190, 190, 190] : [225, 225, 225]);
const ofPhoto = (at: (i: number) => Colour): Panel => ({ width: WIDTH, height: HEIGHT, at: (x, y) => at(y * WIDTH + x) });
const ofLayer = ({ width, height }: Layer, at: (i: number, x: number, y: number) => Colour): Panel => ({
  width,
  height,
  at: (x, y) => at(y * width + x, x, y),
});

/** A part of a panel, each pixel a square. */
function enlarged(panel: Panel, left: number, top: number, columns: number, rows: number, times: number): Panel {
  return {
    width: columns * times,
    height: rows * times,
    at: (x, y) => panel.at(left + Math.floor(x / times), top + Math.floor(y / times)),
  };
}

/** The edges of a layer's triangles over its colours: a part, each pixel a square. */
function wires(
  layer: Layer,
  { vertices, indices }: { vertices: Float32Array; indices: Uint32Array },
  left: number,
  top: number,
  columns: number,
  rows: number,
  times: number,
): Panel {
  const panel = enlarged(
    ofLayer(layer, (i) => dim(colourOf(layer.rgba, i))),
    left,
    top,
    columns,
    rows,
    times,
  );
  const marked = new Uint8Array(panel.width * panel.height);
  const line = (a: number, b: number) => {
    const [ax, bx] = [a, b].map((v) => (vertices[v * 5]! - left) * times) as [number, number];
    const [ay, by] = [a, b].map((v) => (vertices[v * 5 + 1]! - top) * times) as [number, number];
    const steps = Math.ceil(Math.max(Math.abs(bx - ax), Math.abs(by - ay), 1));
    for (let k = 0; k <= steps; k++) {
      const x = Math.round(ax + ((bx - ax) * k) / steps);
      const y = Math.round(ay + ((by - ay) * k) / steps);
      if (x >= 0 && y >= 0 && x < panel.width && y < panel.height) marked[y * panel.width + x] = 1;
    }
  };
  for (let i = 0; i < indices.length; i += 3) for (let k = 0; k < 3; k++) line(indices[i + k]!, indices[i + ((k + 1) % 3)]!);
  return { ...panel, at: (x, y) => (marked[y * panel.width + x] ? [170, 40, 20] : panel.at(x, y)) };
}

/** Where in the photo the silhouettes are that two pictures enlarge. */
const [LEFT, TOP] = [200, 130];
/** As many pixels as fill a panel at four times their size. */
const part = [front.margin + LEFT - 20, front.margin + TOP - 15, 120, 90] as const;
const coverage = ofLayer(front, (i) => grey(front.rgba[i * 4 + 3]! / 255));
const withColours = ofLayer(front, (i) => colourOf(front.rgba, i));
const before = given.width / WIDTH;
const pictures: Record<string, readonly Panel[]> = {
  refine: [
    ofPhoto((i) => grey(given.disparity[Math.floor(Math.floor(i / WIDTH) * before) * given.width + Math.floor((i % WIDTH) * before)]!)),
    ofPhoto((i) => grey(depth.disparity[i]!)),
  ],
  tear: [
    ofPhoto((i) => colourOf(photo.rgba, i)),
    ofPhoto((i) =>
      joins[i] !== (JOINED_RIGHT | JOINED_DOWN) && i % WIDTH < WIDTH - 1 && i < WIDTH * (HEIGHT - 1) ? RED : dim(colourOf(photo.rgba, i)),
    ),
  ],
  matte: [
    enlarged(withColours, front.margin + LEFT, front.margin + TOP, 60, 45, 8),
    enlarged(coverage, front.margin + LEFT, front.margin + TOP, 60, 45, 8),
  ],
  extrapolate: [withColours, ofLayer(front, (i) => (front.disparity[i] === NOTHING ? RED : grey(front.disparity[i]!)))],
  disocclude: [
    ofLayer(hidden, (i, x, y) => (hidden.disparity[i] === NOTHING ? chequer(x, y) : colourOf(hidden.rgba, i))),
    ofLayer(hidden, (i, x, y) => (hidden.disparity[i] === NOTHING ? chequer(x, y) : grey(hidden.disparity[i]!))),
  ],
  holes: [
    ofLayer(hidden, (i) => (hole.hole[i] ? RED : dim(colourOf(front.rgba, i)))),
    ofLayer(hidden, (i) => (hole.hole[i] ? RED : hole.context[i] ? GREEN : dim(colourOf(front.rgba, i)))),
  ],
  mesh: [enlarged(withColours, ...part, 4), wires(front, meshes[0]!, ...part, 4)],
};

mkdirSync(join(root, 'src/layers/pictures'), { recursive: true });
for (const [stage, panels] of Object.entries(pictures)) {
  const height = Math.max(...panels.map((panel) => panel.height));
  const width = panels.reduce((sum, panel) => sum + panel.width, 0) + 8 * (panels.length - 1);
  const data = new Uint8Array(width * height * 4).fill(255);
  let left = 0;
  for (const panel of panels) {
    for (let y = 0; y < panel.height; y++)
      for (let x = 0; x < panel.width; x++)
        data.set(
          panel.at(x, y).map((c) => Math.min(255, Math.max(0, c))),
          (y * width + left + x) * 4,
        );
    left += panel.width + 8;
  }
  writeFileSync(join(root, `src/layers/pictures/${stage}.jpg`), jpeg.encode({ width, height, data }, 72).data);
  console.log(`${stage}.jpg  ${width} × ${height}`);
}
