import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer } from '../../core/index.ts';
import { doubled } from '../../grid/index.ts';

/** How far from a hole, in steps along its surface, an inpainter may look that does not say itself how far it does. */
const CONTEXT_PX = 48;
/** Trust in a pixel beside a tear: it holds a mixture of both sides' colours. */
const MIXED_TRUST = 16;

/**
 * The pixels an inpainter may look at: the visible parts of the surfaces that the holes continue, found
 * by walking from the holes along joined pixels. So nothing in front of a hole is ever context.
 * @param disparity layer size: of the visible pixels, and of the hole's surface in holes.
 * @param same disparity difference up to which a hole and the visible pixel beside it are one surface.
 * @param reachPx how far to walk, in pixels. Default 48.
 * @param softPx as in GrownLayers: so far from a tear nothing is context. Default 0: what is beside one is, with little trust.
 * @returns trust 0..255 a pixel, see InpaintInput.context.
 */
export function inpaintContext(
  front: Layer,
  disparity: Float32Array,
  hole: Uint8Array,
  same: number,
  reachPx = CONTEXT_PX,
  softPx = 0,
): Uint8Array {
  const { width, height } = front;
  const context = new Uint8Array(width * height);
  const walk: Walk = { front, disparity, hole, same, context, found: new Int32Array(1 << 14), count: 0 };
  for (let y = 0; y < height; y++) meetRow(walk, y);
  for (let step = 1, start = 0; step < reachPx && start < walk.count; step++) {
    const end = walk.count;
    stepOn(walk, start, end);
    start = end;
  }
  for (let n = 0; n < walk.count; n++) if (isBesideTear(front, walk.found[n]!)) context[walk.found[n]!] = MIXED_TRUST;
  if (softPx > 0) leaveOut(walk, softPx);
  return context;
}

/** Takes the pixels beside tears out of the context, and `softPx` rounds of those beside them. */
function leaveOut({ front: { width }, context, found, count }: Walk, softPx: number): void {
  for (let round = 0; round < softPx; round++) {
    const more: number[] = [];
    for (let n = 0; n < count; n++) {
      const i = found[n]!;
      if (
        context[i] === 255 &&
        (context[i - 1] === MIXED_TRUST ||
          context[i + 1] === MIXED_TRUST ||
          context[i - width] === MIXED_TRUST ||
          context[i + width] === MIXED_TRUST)
      )
        more.push(i);
    }
    for (const i of more) context[i] = MIXED_TRUST;
  }
  for (let n = 0; n < count; n++) if (context[found[n]!] === MIXED_TRUST) context[found[n]!] = 0;
}

interface Walk {
  front: Layer;
  disparity: Float32Array;
  hole: Uint8Array;
  same: number;
  context: Uint8Array;
  /** Indices of the context's pixels, nearest first, `count` of them. */
  found: Int32Array;
  count: number;
}

function add(walk: Walk, i: number): void {
  if (walk.context[i]) return;
  walk.context[i] = 255;
  if (walk.count === walk.found.length) walk.found = doubled(walk.found);
  walk.found[walk.count++] = i;
}

/** Where a hole of row `y` or beside it borders on the surface that it continues. */
function meetRow(walk: Walk, y: number): void {
  const {
    front: { width, height },
    hole,
  } = walk;
  for (let i = y * width, end = i + width, below = y + 1 < height ? width : 0; i < end; i++) {
    if (i + 1 < end && hole[i] !== hole[i + 1]) meet(walk, i, i + 1);
    if (below && hole[i] !== hole[i + width]) meet(walk, i, i + width);
  }
}

function meet(walk: Walk, i: number, j: number): void {
  const { front, disparity, hole, same } = walk;
  const known = hole[i] ? j : i;
  if (front.disparity[known] !== NOTHING && Math.abs(disparity[i]! - disparity[j]!) <= same) add(walk, known);
}

/** From the pixels found from `start` to `end` on to those joined to them. */
function stepOn(walk: Walk, start: number, end: number): void {
  const {
    front: { width, joins },
    hole,
  } = walk;
  for (let n = start; n < end; n++) {
    const i = walk.found[n]!;
    if (joins[i]! & JOINED_RIGHT && !hole[i + 1]) add(walk, i + 1);
    if (joins[i]! & JOINED_DOWN && !hole[i + width]) add(walk, i + width);
    if (i % width > 0 && joins[i - 1]! & JOINED_RIGHT && !hole[i - 1]) add(walk, i - 1);
    if (i >= width && joins[i - width]! & JOINED_DOWN && !hole[i - width]) add(walk, i - width);
  }
}

function isBesideTear({ width, height, joins }: Layer, i: number): boolean {
  const x = i % width;
  return (
    (x + 1 < width && !(joins[i]! & JOINED_RIGHT)) ||
    (i + width < width * height && !(joins[i]! & JOINED_DOWN)) ||
    (x > 0 && !(joins[i - 1]! & JOINED_RIGHT)) ||
    (i >= width && !(joins[i - width]! & JOINED_DOWN))
  );
}
