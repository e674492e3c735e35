import { between, calmBlocks } from './calm-blocks.ts';
import type { Canvas } from './canvas.ts';

/** Known pixels count up to so far from a hole, and a hole's own that far inside it. */
const RING_PX = 6;
/** Means are taken in blocks of this many pixels. */
const BLOCK = 16;
/** Pixels of a block, of each kind, below which it says nothing. */
const FEWEST = 12;
/** A difference beyond this is another content, not another tone. */
const TONE = 32;
/** The same across a rim, where content may well differ. */
const RIM_TONE = 12;
/** A model whose known pixels come back this close has put the picture's own there. */
const SAME = 1.5;
/** Contrast is changed by no more than this factor. */
const MOST_GAIN = 1.25;

/**
 * Brings a model's colours to the tone of what surrounds its holes. Where it gives the known pixels anew, they say how its
 * tones differ: one gain for all, and a shift that varies slowly from place to place. Where it hands the known pixels back,
 * both sides of the holes' rims are compared, and all is shifted by the median where that is clearly not chance.
 * @param colours three a pixel of the canvas, 0..255; changed.
 */
export function matchTone(colours: Float32Array, canvas: Canvas): void {
  const distance = distances(canvas);
  if (isHandedBack(colours, canvas, distance)) shiftAll(colours, canvas, distance);
  else {
    dropOtherContent(colours, canvas, distance);
    for (let channel = 0; channel < 3; channel++) follow(colours, canvas, distance, channel);
  }
}

/** Known pixels where the model gives something else altogether say nothing of tones. */
function dropOtherContent(colours: Float32Array, { rgba }: Canvas, distance: Int8Array): void {
  for (let i = 0; i < distance.length; i++) {
    if (distance[i]! <= 0) continue;
    for (let k = 0; k < 3; k++) if (Math.abs(colours[i * 3 + k]! - rgba[i * 4 + k]!) > 2 * TONE) distance[i] = 0;
  }
}

/** Steps from each seen pixel to the nearest one that is inpainted, negative the other way; 0 = farther than the ring. */
function distances({ width, height, target, mask }: Canvas): Int8Array {
  const distance = new Int8Array(width * height);
  let edges: [number[], number[]] = [[], []];
  const meet = (a: number, b: number): void => {
    if (target[a] && !mask[b]) (edges[0].push(b), edges[1].push(a));
    else if (target[b] && !mask[a]) (edges[0].push(a), edges[1].push(b));
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (x + 1 < width) meet(i, i + 1);
      if (y + 1 < height) meet(i, i + width);
    }
  }
  for (let step = 1; step <= RING_PX; step++) {
    const next: [number[], number[]] = [[], []];
    for (const [side, edge] of edges.entries()) {
      for (const i of edge) {
        if (distance[i] || (side === 0 ? mask[i] : !target[i])) continue;
        distance[i] = side === 0 ? step : -step;
        const x = i % width;
        if (x > 0) next[side]!.push(i - 1);
        if (x + 1 < width) next[side]!.push(i + 1);
        if (i >= width) next[side]!.push(i - width);
        if (i + width < width * height) next[side]!.push(i + width);
      }
    }
    edges = next;
  }
  return distance;
}

function isHandedBack(colours: Float32Array, { rgba }: Canvas, distance: Int8Array): boolean {
  let same = 0;
  let all = 0;
  for (let i = 0; i < distance.length; i++) {
    if (distance[i]! <= 0) continue;
    all++;
    const off = Math.max(
      Math.abs(colours[i * 3]! - rgba[i * 4]!),
      Math.abs(colours[i * 3 + 1]! - rgba[i * 4 + 1]!),
      Math.abs(colours[i * 3 + 2]! - rgba[i * 4 + 2]!),
    );
    if (off <= SAME) same++;
  }
  return same >= 0.7 * all;
}

function shiftAll(colours: Float32Array, { width, rgba, target }: Canvas, distance: Int8Array): void {
  const columns = Math.ceil(width / BLOCK);
  const blocks = Math.ceil(distance.length / width / BLOCK) * columns;
  for (let channel = 0; channel < 3; channel++) {
    const outside = new Float64Array(blocks);
    const inside = new Float64Array(blocks);
    const outsideCount = new Int32Array(blocks);
    const insideCount = new Int32Array(blocks);
    for (let i = 0; i < distance.length; i++) {
      const d = distance[i]!;
      const block = Math.floor(Math.floor(i / width) / BLOCK) * columns + Math.floor((i % width) / BLOCK);
      if (d > 0) ((outside[block]! += rgba[i * 4 + channel]!), outsideCount[block]!++);
      // The first pixels inside are often mixed with what stood there.
      else if (d < -2) ((inside[block]! += colours[i * 3 + channel]!), insideCount[block]!++);
    }
    const offs: number[] = [];
    for (let b = 0; b < blocks; b++)
      if (outsideCount[b]! >= FEWEST && insideCount[b]! >= FEWEST) offs.push(outside[b]! / outsideCount[b]! - inside[b]! / insideCount[b]!);
    const off = median(offs);
    const spread = 1.48 * median(offs.map((each) => Math.abs(each - off)));
    const isChance = offs.length < 12 || Math.abs(off) < (3 * spread) / Math.sqrt(offs.length);
    if (isChance || Math.abs(off) > RIM_TONE) continue;
    for (let i = 0; i < target.length; i++)
      if (target[i]) colours[i * 3 + channel] = Math.min(255, Math.max(0, colours[i * 3 + channel]! + off));
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

function follow(colours: Float32Array, { width, rgba, target }: Canvas, distance: Int8Array, channel: number): void {
  let n = 0,
    sumA = 0,
    sumB = 0,
    sumAA = 0,
    sumAB = 0;
  for (let i = 0; i < distance.length; i++) {
    if (distance[i]! <= 0) continue;
    const a = colours[i * 3 + channel]!;
    const b = rgba[i * 4 + channel]!;
    n++;
    sumA += a;
    sumB += b;
    sumAA += a * a;
    sumAB += a * b;
  }
  if (n < 4 * FEWEST) return;
  const meanA = sumA / n;
  const meanB = sumB / n;
  // A flat ring says nothing of contrast: 25 of variance speak for none to change.
  const gain = Math.min(MOST_GAIN, Math.max(1 / MOST_GAIN, (sumAB / n - meanA * meanB + 25) / (sumAA / n - meanA * meanA + 25)));
  const columns = Math.ceil(width / BLOCK);
  const rows = Math.ceil(distance.length / width / BLOCK);
  const tone = (a: number): number => meanB + gain * (a - meanA);
  const off = new Float32Array(columns * rows);
  const count = new Float32Array(columns * rows);
  for (let i = 0; i < distance.length; i++) {
    if (distance[i]! <= 0) continue;
    const rest = rgba[i * 4 + channel]! - tone(colours[i * 3 + channel]!);
    if (Math.abs(rest) > TONE) continue;
    const block = Math.floor(Math.floor(i / width) / BLOCK) * columns + Math.floor((i % width) / BLOCK);
    off[block]! += rest;
    count[block]!++;
  }
  calmBlocks(off, count, FEWEST, columns, rows);
  for (let i = 0; i < target.length; i++) {
    if (target[i])
      colours[i * 3 + channel] = Math.min(
        255,
        Math.max(0, tone(colours[i * 3 + channel]!) + between(off, columns, rows, (i % width) / BLOCK, Math.floor(i / width) / BLOCK)),
      );
  }
}
