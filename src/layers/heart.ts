/** The heart's stages in the order in which the pipeline calls them. */
import { NOTHING, type DepthMap, type Eyebox, type Layer, type LayerMesh, type Lens, type Raster } from '../core/index.ts';
import { WIDE_BLUR } from './blur-width.ts';
import { contextOf } from './context.ts';
import { claimFringe } from './fringe.ts';
import { growHidden } from './grow.ts';
import { joinHidden } from './join-hidden.ts';
import { meshLayers } from './mesh.ts';
import { matteEdges, type SoftEdge } from './matte.ts';
import { OPAQUE } from './opaque.ts';
import { marginFor, outgrow } from './outgrow.ts';
import { closePinholes } from './pinholes.ts';
import { reachOf } from './reach.ts';
import { sharpenDepth } from './sharpen.ts';
import { surfaceAreas } from './surfaces.ts';
import { tearLinks } from './tear.ts';

/** A depth map as `sharpen` leaves it. */
export interface SettledDepth extends DepthMap {
  /** How far it was blurred before, as a standard deviation in pixels: its silhouettes may be off by as much. Default 0. */
  blur?: number;
}

export interface SharpenOptions {
  /** 0..2: 0 = none, 1 = automatic, 2 = strong. */
  smoothing: number;
  /** Its numbers mean something: it is not stretched, and left wholly alone where it is neither noisy nor blurred nor of few levels. */
  exact: boolean;
}

export interface GrowOptions {
  lens: Lens;
  eyebox: Eyebox;
}

export interface GrownLayers {
  layers: Layer[];
  /** One entry a layer: what has to be painted. */
  holes: LayerHoles[];
  /** Disparity difference up to which neighbouring pixels count as one surface. */
  sameSurface: number;
  /** Pixels next to those beside a tear that may be mixtures of both sides' colours, too: no filler sees any of them. Default 0: those beside a tear count a little. */
  softPx?: number;
}

/** RGBA of some pixels of a layer, as bytes in one little-endian number. */
interface Colours {
  at: Int32Array;
  colour: Uint32Array;
}

export interface LayerHoles {
  /** `width × height` of the layer: 1 = to be painted. */
  hole: Uint8Array;
  /** Number of pixels to be painted. */
  count: number;
  /** Pixels of the hole whose colour the photo shows through a soft edge: they keep it. */
  seen?: Colours;
}

/** What an inpainter gets for one layer: the fields of the plugin contract's InpaintInput, without options. */
export interface HoleInput {
  width: number;
  height: number;
  rgba: Uint8ClampedArray;
  hole: Uint8Array;
  context: Uint8Array;
  disparity: Float32Array;
  sameSurface: number;
}

/** Brings the depth map to the photo's size, makes steps of blurred silhouettes and smooths noise. */
export function sharpen(depth: DepthMap, photo: Raster, options: SharpenOptions): SettledDepth {
  return sharpenDepth(depth, photo, options);
}

/** Which neighbouring pixels are one surface: JOINED_RIGHT | JOINED_DOWN bits for the photo's pixels (no margin). */
export function tear(depth: DepthMap, photo: Raster, options: GrowOptions): Uint8Array {
  return tearLinks(depth, reachOf(photo.width, photo.height, options.lens, options.eyebox));
}

/**
 * Layer 0 with its border grown outward, and behind it the layers of what is hidden; their holes
 * have depth but no colour yet.
 */
export function grow(photo: Raster, given: SettledDepth, torn: Uint8Array, options: GrowOptions): GrownLayers {
  const reach = reachOf(photo.width, photo.height, options.lens, options.eyebox);
  const { blur = 0 } = given;
  const softPx = blur > WIDE_BLUR ? SOFT_PX : 0;
  const { depth, joins } = softPx > 0 ? closePinholes(claimFringe(photo, given, torn, reach, blur)) : { depth: given, joins: torn };
  const areas = surfaceAreas({ ...depth, joins });
  const front = outgrow(photo, depth, joins, marginFor(depth, reach), reach, areas);
  const soft = matteEdges(front.layer);
  const layers = [front.layer];
  const holes: LayerHoles[] = [countHoles(front.hole)];
  const { width, height, margin } = front.layer;
  const visible = new Uint32Array(front.layer.rgba.buffer);
  for (const hidden of growHidden(front.layer, reach, front.perDisparity, areas, softPx)) {
    // In place: where a colour comes from becomes the colour, and what is a ring is no hole.
    const colours = new Uint32Array(hidden.from.buffer);
    const hole = hidden.state;
    let count = 0;
    for (let n = 0; n < hidden.pixels.length; n++) {
      const i = hidden.pixels[n]!;
      if (hole[i] === 1) {
        colours[i] = visible[colours[i]!]! | OPAQUE;
        count++;
      } else {
        colours[i] = visible[i]! | OPAQUE;
        hole[i] = 0;
      }
    }
    layers.push({
      width, height, margin,
      rgba: new Uint8ClampedArray(colours.buffer),
      disparity: hidden.disparity,
      joins: joinHidden(hidden.disparity, hidden.pixels, front.perDisparity, width, hidden.isSheet ? Infinity : undefined),
    });
    holes.push({ hole, count, seen: seenIn(hidden.disparity, hole, colours, soft) });
  }
  closeEdges(layers, soft);
  const sameSurface = 3 / reach.perDisparity(photo.width / 4, photo.height / 4);
  return { layers, holes, sameSurface, ...(softPx > 0 && { softPx }) };
}

/** `softPx` of layers whose silhouettes a network with wide blur placed. */
const SOFT_PX = 2;

/** Those of the pixels seen through soft edges that are of this hidden surface; its `colours` get theirs. */
function seenIn(disparity: Float32Array, hole: Uint8Array, colours: Uint32Array, soft: SoftEdge): Colours {
  const own: number[] = [];
  for (let n = 0; n < soft.at.length; n++) {
    const i = soft.at[n]!;
    if (hole[i] === 1 && soft.behind[n] !== 0 && Math.abs(disparity[i]! - soft.disparity[n]!) < soft.tolerance[n]!) own.push(n);
  }
  const found = { at: Int32Array.from(own, (n) => soft.at[n]!), colour: Uint32Array.from(own, (n) => soft.behind[n]!) };
  putColours(colours, found);
  return found;
}

/** Where nothing lies behind a soft edge, it stays as the photo has it. */
function closeEdges([front, ...hidden]: readonly Layer[], { at, mixed }: SoftEdge): void {
  const colours = new Uint32Array(front!.rgba.buffer);
  for (let n = 0; n < at.length; n++) {
    const i = at[n]!;
    if (!hidden.some(({ disparity }) => disparity[i] !== NOTHING)) colours[i] = mixed[n]!;
  }
}

function putColours(to: Uint32Array, { at, colour }: Colours): void {
  for (let n = 0; n < at.length; n++) to[at[n]!] = colour[n]!;
}

function countHoles(hole: Uint8Array): LayerHoles {
  let count = 0;
  for (let i = 0; i < hole.length; i++) count += hole[i]!;
  return { hole, count };
}

/**
 * What an inpainter gets for layer `index`, or undefined when nothing is to be painted there.
 * Layer 0 comes first: the others see its painted border.
 * @param contextPx how far from a hole its context reaches. Default 48.
 */
export function buildHoles(grown: GrownLayers, index: number, contextPx?: number): HoleInput | undefined {
  const holes = grown.holes[index];
  const front = grown.layers[0];
  const layer = grown.layers[index];
  if (!holes || !front || !layer || holes.count === 0) return undefined;
  const { width, height } = layer;
  const disparity = front.disparity.slice();
  const rgba = front.rgba.slice();
  const known = new Uint32Array(rgba.buffer);
  const guess = new Uint32Array(layer.rgba.buffer, layer.rgba.byteOffset, disparity.length);
  for (let y = 0; y < height; y++) layRow(holes.hole, y * width, width, layer.disparity, guess, disparity, known);
  return { width, height, rgba, hole: holes.hole, context: contextOf(front, disparity, holes.hole, grown.sameSurface, contextPx, grown.softPx), disparity, sameSurface: grown.sameSurface };
}

/** A layer's hidden pixels of a row over the visible ones. */
function layRow(hole: Uint8Array, start: number, width: number, depth: Float32Array, colours: Uint32Array, disparity: Float32Array, known: Uint32Array): void {
  for (let i = start; i < start + width; i++) {
    if (!hole[i]) continue;
    disparity[i] = depth[i]!;
    known[i] = colours[i]!;
  }
}

/** Puts an inpainter's answer for layer `index` in place; only pixels under holes are taken. */
export function applyFill(grown: GrownLayers, index: number, rgba: Uint8ClampedArray): void {
  const { hole, seen } = grown.holes[index]!;
  const layer = grown.layers[index]!;
  for (let i = 0; i < hole.length; i++) {
    if (hole[i]) for (let c = 0; c < 3; c++) layer.rgba[i * 4 + c] = rgba[i * 4 + c]!;
  }
  if (seen) putColours(new Uint32Array(layer.rgba.buffer, layer.rgba.byteOffset, hole.length), seen);
  if (index > 0) return;
  // The rings of the hidden layers repeat what was just painted.
  for (let k = 1; k < grown.layers.length; k++) {
    const hidden = grown.layers[k]!;
    for (let i = 0; i < hole.length; i++) {
      if (!hole[i] || hidden.disparity[i] === NOTHING || grown.holes[k]!.hole[i]) continue;
      for (let c = 0; c < 3; c++) hidden.rgba[i * 4 + c] = layer.rgba[i * 4 + c]!;
    }
  }
}

/** Parallax error, in photo pixels at the eyebox's end, that a mesh may have. */
const MESH_TOLERANCE_PX = 0.15;

/** Triangles for viewing, one mesh a layer. */
export function mesh(layers: readonly Layer[], options: GrowOptions): LayerMesh[] {
  const front = layers[0];
  if (!front) return [];
  const width = front.width - 2 * front.margin;
  const height = front.height - 2 * front.margin;
  const reach = reachOf(width, height, options.lens, options.eyebox);
  return meshLayers(layers, MESH_TOLERANCE_PX / reach.perDisparity(width / 4, height / 4));
}
