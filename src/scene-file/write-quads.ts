/** A layer's mesh as bytes: quads, each told by what it has else than the one before. */
import type { LayerMesh } from '../core/index.ts';
import type { ByteReader, ByteWriter } from './byte-writer.ts';
import { CornerMemory } from './corner-memory.ts';
import { Damage } from './damage.ts';
import { boundLevel, type Levels, type SettledLevels } from './levels.ts';

/** Positions are multiples of this part of a pixel. */
const PARTS_A_PIXEL = 32;
/** Corners' disparities are multiples of this part of a level: they say where things are, pixels only whose they are. */
const PARTS_A_LEVEL = 4;
/** Numbers of a quad: x, y of its first corner; x, y of the others beside it; four levels in parts; low and high in half levels. */
const NUMBERS = 14;
/** Levels of corners may leave those of pixels by some; low and high stay close to them. */
const MOST_LEVEL = 2 ** 20;
const FARTHEST = 2 ** 22;

export interface QuadList {
  quads: number;
  softStart: number;
  order: number[];
}

/**
 * The mesh with its vertices in the order of its quads.
 * @param name of the mesh, for errors.
 * @throws TypeError where the mesh is not made of quads as `LayerMesh` describes them.
 */
export function inQuads({ vertices, indices, softStart }: LayerMesh, name: string): LayerMesh & { order: number[] } {
  const count = indices.length / 6;
  const base = Math.min(...indices.subarray(0, 6));
  const order = [...indices.subarray(0, 6)].map((vertex) => vertex - base);
  const ordered = new Float32Array(20 * Math.floor(count));
  let isQuads = Number.isInteger(count) && softStart % 6 === 0 && order.every((vertex) => vertex < 4);
  for (let q = 0; q < count && isQuads; q++) {
    const first = indices[6 * q]! - order[0]!;
    isQuads = first >= 0 && 5 * first + 20 <= vertices.length;
    for (let k = 0; k < 6; k++) isQuads &&= indices[6 * q + k] === first + order[k]!;
    if (isQuads) ordered.set(vertices.subarray(5 * first, 5 * first + 20), 20 * q);
  }
  if (!isQuads) throw new TypeError(`${name} must be made of quads: four vertices that follow one another, and six indices in one order`);
  return { vertices: ordered, indices, softStart, order };
}

/**
 * Writes a mesh.
 * @param settled what its layer's pixels are written as; absent where the layer has none.
 * @throws TypeError where corners of a quad have bounds of their own.
 */
export function writeQuads(
  { vertices, softStart, order }: LayerMesh & { order: number[] },
  levels: Levels,
  settled: SettledLevels | undefined,
  name: string,
  out: ByteWriter,
): QuadList {
  const { offset, step } = levels;
  const count = vertices.length / 20;
  const level = (d: number): number => Math.min(MOST_LEVEL, Math.max(-MOST_LEVEL, Math.round((PARTS_A_LEVEL * (d - offset)) / step) || 0));
  const streams = Array.from({ length: NUMBERS }, () => new Int32Array(count));
  const number = new Int32Array(NUMBERS);
  const last = new Int32Array(NUMBERS);
  const memory = new CornerMemory(count);
  for (let q = 0; q < count; q++) {
    const at = (corner: number, part: number): number => vertices[q * 20 + corner * 5 + part]!;
    for (let c = 0; c < 4; c++) {
      number[2 * c] = Math.round(at(c, 0) * PARTS_A_PIXEL);
      number[2 * c + 1] = Math.round(at(c, 1) * PARTS_A_PIXEL);
      number[8 + c] = level(at(c, 2));
      if (at(c, 3) !== at(0, 3) || at(c, 4) !== at(0, 4)) throw new TypeError(`${name} must have one low and high for all of a quad`);
    }
    const isSoft = 6 * q >= softStart;
    const bounds = isSoft ? settled?.boundsOf(vertices.subarray(20 * q, 20 * q + 20)) : undefined;
    // The last quad's bounds go on as long as they tell the same pixels apart.
    number[12] = bounds ? within(bounds.low, last[12]!) : boundLevel(at(0, 3), levels);
    number[13] = bounds ? within(bounds.high, last[13]!) : boundLevel(at(0, 4), levels);
    const residual = residuals(number, last, memory);
    for (let n = 0; n < NUMBERS; n++) streams[n]![q] = residual[n]!;
    last.set(number);
  }
  for (const stream of streams) out.putNumbers(stream);
  return { quads: count, softStart: softStart / 6, order };
}

const within = ([least, most]: readonly [number, number], value: number): number => Math.min(most, Math.max(least, value));

const scratch = new Int32Array(NUMBERS);

function residuals(number: Int32Array, last: Int32Array, memory: CornerMemory): Int32Array {
  scratch[0] = number[0]! - last[0]!;
  scratch[1] = number[1]! - last[1]!;
  for (let n = 2; n < 8; n++) scratch[n] = number[n]! - number[n & 1]!;
  for (let c = 0; c < 4; c++) scratch[8 + c] = number[8 + c]! - expectedCorner(number, last, c, memory);
  scratch[12] = number[12]! - last[12]!;
  scratch[13] = number[13]! - last[13]!;
  keepCorners(number, memory);
  return scratch;
}

/** A corner's level as the quads before it and the quad's own corners before it let expect. */
function expectedCorner(number: Int32Array, last: Int32Array, corner: number, memory: CornerMemory): number {
  // The first corner goes on from the last quad's second one; the fourth lies on the plane of the others.
  const expected = corner === 0 ? last[9]! : corner < 3 ? number[8]! : number[10]! + number[9]! - number[8]!;
  return memory.near(wholePixel(number[2 * corner]!), wholePixel(number[2 * corner + 1]!), expected);
}

function keepCorners(number: Int32Array, memory: CornerMemory): void {
  for (let c = 0; c < 4; c++) memory.keep(wholePixel(number[2 * c]!), wholePixel(number[2 * c + 1]!), number[8 + c]!);
}

const wholePixel = (position: number): number => Math.round(position / PARTS_A_PIXEL);

/**
 * Reads a mesh.
 * @param mostArea square pixels that the boxes around its quads may have, all together.
 * @throws RangeError where the data ends too early or is none, Damage where its quads are too large.
 */
export function readQuads({ quads, softStart, order }: QuadList, { offset, step }: Levels, from: ByteReader, mostArea: number): LayerMesh {
  const streams = Array.from({ length: NUMBERS }, () => from.takeNumbers(quads));
  const vertices = new Float32Array(20 * quads);
  const indices = new Uint32Array(6 * quads);
  const last = new Int32Array(NUMBERS);
  const number = new Int32Array(NUMBERS);
  const memory = new CornerMemory(quads);
  let area = 0;
  for (let q = 0; q < quads; q++) {
    const s = (n: number): number => streams[n]![q]!;
    number[0] = last[0]! + s(0);
    number[1] = last[1]! + s(1);
    for (let n = 2; n < 8; n++) number[n] = s(n) + number[n & 1]!;
    for (let c = 0; c < 4; c++) number[8 + c] = s(8 + c) + expectedCorner(number, last, c, memory);
    number[12] = last[12]! + s(12);
    number[13] = last[13]! + s(13);
    keepCorners(number, memory);
    last.set(number);
    for (let n = 0; n < NUMBERS; n++) if (Math.abs(last[n]!) > FARTHEST) throw new RangeError('a quad lies out of all bounds');
    area += span(last, 0) * span(last, 1);
    if (area > mostArea * PARTS_A_PIXEL ** 2) throw new Damage('its mesh covers its picture many times over');
    for (let c = 0, v = q * 20; c < 4; c++, v += 5) {
      vertices[v] = last[2 * c]! / PARTS_A_PIXEL;
      vertices[v + 1] = last[2 * c + 1]! / PARTS_A_PIXEL;
      vertices[v + 2] = offset + (step * last[8 + c]!) / PARTS_A_LEVEL;
      vertices[v + 3] = offset + (step * last[12]!) / 2;
      vertices[v + 4] = offset + (step * last[13]!) / 2;
    }
    for (let k = 0; k < 6; k++) indices[q * 6 + k] = q * 4 + order[k]!;
  }
  return { vertices, indices, softStart: softStart * 6 };
}

/** How wide (0) or high (1) the box around a quad is, in parts of a pixel. */
function span(number: Int32Array, axis: 0 | 1): number {
  const [a, b, c, d] = [number[axis]!, number[axis + 2]!, number[axis + 4]!, number[axis + 6]!];
  return Math.max(a, b, c, d) - Math.min(a, b, c, d);
}
