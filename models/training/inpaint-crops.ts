/**
 * Makes what an inpainting network learns from: pieces of free pictures with holes as this project's own layers have them.
 *
 * usage: node --import tsx models/training/inpaint-crops.ts STORES PICTURES.rgb OUT.bin [--count N] [--seed N] [--from N] [--to N]
 * STORES: what prepare.py and scenes.py wrote; their disparities, never their colours, give the holes. PICTURES.rgb: what inpaint_pictures.py
 * wrote; --from and --to choose among them, so that training and validation share none. A picture takes the place of the photo whose depth is
 * used; so all that is hidden, or lies outside the frame, is known. OUT.bin: see inpaint_crops.py.
 */
import { appendFileSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { canvasOf, type Canvas } from '../../plugins/inpaint-onnx/canvas.ts';
import { cellsOf } from '../../plugins/inpaint-onnx/cells.ts';
import { visibilityOf } from '../../plugins/inpaint-onnx/visibility.ts';
import { finish, type DepthMap, type Eyebox, type Lens, type Raster } from '../../src/core/index.ts';
import type { GrownLayers } from '../../src/layers/index.ts';
import { applyInpainted, buildHoles, fill, grow, sharpen, tear } from '../../test/helpers/heart.ts';

/** Size of the pictures, and side of a crop. */
const WIDTH = 416;
const HEIGHT = 320;
const SIDE = 160;
/** How far inpaint-onnx looks. */
const CONTEXT_PX = 320;
/** Chances of the stores. */
const STORES = { scenes: 0.5, photos: 0.3, scenery: 0.2 } as const;
/** A crop with less to inpaint, or less to see, teaches little. */
const LEAST_INPAINTED = 200;
const LEAST_SEEN = 800;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string', default: '6000' },
    seed: { type: 'string', default: '1' },
    from: { type: 'string', default: '0' },
    to: { type: 'string' },
  },
});
const [storesFolder = '', picturesPath = '', out = ''] = positionals;
const pictures = openSync(picturesPath, 'r');
const from = Number(values.from);
const to = Number(values.to ?? statSync(picturesPath).size / (WIDTH * HEIGHT * 3));

let state = Number(values.seed) >>> 0;

/** 0..1; mulberry32. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const between = (low: number, high: number): number => low + (high - low) * random();

interface Store {
  file: number;
  /** Offset, height, width. */
  rows: number[][];
  isExact: boolean;
  chance: number;
}

const stores = Object.entries(STORES).map(([name, chance]): Store => ({
  file: openSync(`${storesFolder}/${name}.bin`, 'r'),
  rows: readFileSync(`${storesFolder}/${name}.idx`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number)),
  isExact: name === 'scenes',
  chance,
}));

function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

interface Shape {
  photo: Raster;
  depth: DepthMap;
  isExact: boolean;
}

/** Some photo and its depth, a part of it brought to the size; undefined where it is flat. */
function anyShape(width: number, height: number): Shape | undefined {
  let pick = random();
  const store = stores.find(({ chance }) => (pick -= chance) < 0) ?? stores[0]!;
  const [offset = 0, h = 0, w = 0] = store.rows[Math.floor(random() * store.rows.length)]!;
  const bytes = Buffer.alloc(w * h * 5);
  readSync(store.file, bytes, 0, bytes.length, offset);
  const scale = Math.min(w / width, h / height) * between(0.7, 1);
  const left = between(0, w - width * scale);
  const top = between(0, h - height * scale);
  const isMirrored = random() < 0.5;
  const disparityAt = (i: number): number => half(bytes.readUInt16LE(w * h * 3 + i * 2));
  const photo: Raster = { width, height, rgba: new Uint8ClampedArray(width * height * 4).fill(255) };
  const disparity = new Float32Array(width * height);
  let low = Infinity;
  let high = -Infinity;
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const sx = Math.min(w - 1.001, Math.max(0, left + ((isMirrored ? width - 1 - x : x) + 0.5) * scale - 0.5));
      const sy = Math.min(h - 1.001, Math.max(0, top + (y + 0.5) * scale - 0.5));
      const i = Math.floor(sy) * w + Math.floor(sx);
      const u = sx % 1;
      const v = sy % 1;
      const nearest = i + (u < 0.5 ? 0 : 1) + (v < 0.5 ? 0 : w);
      // Exact maps keep their steps.
      const d = store.isExact
        ? disparityAt(nearest)
        : (disparityAt(i) * (1 - u) + disparityAt(i + 1) * u) * (1 - v) + (disparityAt(i + w) * (1 - u) + disparityAt(i + w + 1) * u) * v;
      disparity[o] = d;
      low = Math.min(low, d);
      high = Math.max(high, d);
      for (let c = 0; c < 3; c++) photo.rgba[o * 4 + c] = bytes[nearest * 3 + c]!;
    }
  }
  if (!(high - low > 1e-3)) return undefined;
  return {
    photo,
    depth: { width, height, disparity: disparity.map((d) => (d - low) / (high - low)) },
    isExact: store.isExact,
  };
}

/** Layers of the shape with a picture's colours, their holes filled by inpaint-classic; `truth` is the picture at layer size. */
function anyLayers(): { grown: GrownLayers; truth: Uint8ClampedArray } | undefined {
  const width = 4 * Math.round(between(75, 95));
  const height = 4 * Math.round(between(57, 73));
  const shape = anyShape(width, height);
  if (!shape) return undefined;
  const longer = Math.max(width, height);
  const focal = between(0.9, 1.4);
  const lens: Lens = { fx: focal, fy: focal, cx: width / 2 / longer, cy: height / 2 / longer, near: 1, far: 60 };
  // The nearest moves by so many pixels.
  const sideways = Math.exp(between(Math.log(14), Math.log(60))) / (focal * longer);
  let eyebox: Eyebox = { x: sideways, y: sideways * between(0.5, 1), z: between(0.05, 0.35) };
  const raw = Buffer.alloc(WIDTH * HEIGHT * 3);
  readSync(pictures, raw, 0, raw.length, Math.floor(between(from, to)) * raw.length);
  const depth = sharpen(shape.depth, shape.photo, { smoothing: 1, exact: shape.isExact });
  for (let turn = 0; turn < 6; turn++, eyebox = { x: eyebox.x * 0.7, y: eyebox.y * 0.7, z: eyebox.z * 0.7 }) {
    const joins = tear(depth, shape.photo, { lens, eyebox });
    const { width: w, height: h, margin } = grow(shape.photo, depth, joins, { lens, eyebox }).layers[0]!;
    if (w > WIDTH || h > HEIGHT) continue;
    const truth = partOf(raw, Math.floor(between(0, WIDTH - w + 1)), Math.floor(between(0, HEIGHT - h + 1)), w, h);
    const inner = new Uint8ClampedArray(width * height * 4);
    for (let y = 0; y < height; y++)
      inner.set(truth.subarray(((y + margin) * w + margin) * 4, ((y + margin) * w + margin + width) * 4), y * width * 4);
    const grown = grow({ width, height, rgba: inner }, depth, joins, { lens, eyebox });
    // Soft edges were looked for where this picture has none: what is known stays as it is.
    for (let y = 0; y < height; y++)
      grown.layers[0]!.rgba.set(inner.subarray(y * width * 4, (y + 1) * width * 4), ((y + margin) * w + margin) * 4);
    grown.layers.forEach((_, layer) => {
      const holes = buildHoles(grown, layer);
      if (holes) applyInpainted(grown, layer, fill(holes));
    });
    return { grown, truth };
  }
  return undefined;
}

function partOf(raw: Buffer, left: number, top: number, width: number, height: number): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) rgba[(y * width + x) * 4 + c] = raw[((top + y) * WIDTH + left + x) * 3 + c]!;
  }
  return rgba;
}

/** What a network would see of a layer if its window held all of it. */
function wholeCanvas(grown: GrownLayers, layer: number): Canvas | undefined {
  const holes = buildHoles(grown, layer, CONTEXT_PX);
  if (!holes) return undefined;
  const { width, height } = holes;
  const input = { ...holes, options: {} };
  const visibility = finish(visibilityOf(input));
  const cells = finish(cellsOf([visibility], width, height));
  const all = new Uint8Array(cells.columns * cells.rows).fill(1);
  const state = { input, visibility, rgba: input.rgba.slice(), inpainted: new Uint8Array(width * height), planned: all };
  return canvasOf({ x: 0, y: 0, width, height, cells: [all] }, cells, [state], 'guess');
}

/** The crop's bytes, or undefined where it would teach little. */
function cropOf({ width, rgba, mask, target }: Canvas, truth: Uint8ClampedArray, left: number, top: number): Buffer | undefined {
  const area = SIDE * SIDE;
  const bytes = Buffer.alloc(area * 8);
  let inpainted = 0;
  let seen = 0;
  for (let y = 0, o = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, o++) {
      const i = (top + y) * width + left + x;
      for (let c = 0; c < 3; c++) {
        bytes[o * 3 + c] = truth[i * 4 + c]!;
        bytes[(area + o) * 3 + c] = rgba[i * 4 + c]!;
      }
      bytes[area * 6 + o] = mask[i]!;
      bytes[area * 7 + o] = Number(target[i]! > 0);
      inpainted += Number(target[i]! > 0);
      seen += 1 - mask[i]!;
    }
  }
  return inpainted >= LEAST_INPAINTED && seen >= LEAST_SEEN ? bytes : undefined;
}

writeFileSync(out, '');
for (let made = 0; made < Number(values.count);) {
  const scene = anyLayers();
  scene?.grown.layers.forEach((_, layer) => {
    const canvas = wholeCanvas(scene.grown, layer);
    if (!canvas) return;
    const wanted: number[] = [];
    canvas.target.forEach((mark, i) => mark && wanted.push(i));
    if (wanted.length < 1.5 * LEAST_INPAINTED || canvas.seen < 2 * LEAST_SEEN) return;
    // The border's holes are the largest, and the least that can be foretold.
    const crops = layer === 0 ? Number(random() < 0.6) : Math.min(3, 1 + Math.floor(wanted.length / 4000));
    for (let n = 0; n < crops; n++) {
      const at = wanted[Math.floor(random() * wanted.length)]!;
      const place = (middle: number, length: number): number =>
        Math.min(length - SIDE, Math.max(0, Math.floor(middle - between(30, SIDE - 30))));
      const crop = cropOf(canvas, scene.truth, place(at % canvas.width, canvas.width), place(Math.floor(at / canvas.width), canvas.height));
      if (!crop) continue;
      appendFileSync(out, crop);
      made++;
    }
  });
}
