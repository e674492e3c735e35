import type { Passes, Photo, Raster, Rect } from 'unflat/plugin';
import { edgeAgreement, mapEdges, photoEdges, type Edges } from './edge-agreement.ts';
import { aspectDifference, turnUpright } from './turn-upright.ts';
import type { RawDepth } from './raw-depth.ts';
import { shrinkTo } from './shrink-to.ts';

/** Longer sides of the copies that are compared, in samples: fine edges and soft ones tell at different sizes. */
const SIZES = [128, 64];
/**
 * How clearly a map's edges must lie on the photo's, how much more clearly than as it is, and than at the next best, before it is
 * turned; see {@link clarity}. Set on 312 right maps (rendered, of depth cameras, of models; blurred, small, in levels) and all their turns.
 */
const UNHINTED = { least: 4, more: 2.2, next: 1 };
/** The same for what the photo's or the map's own orientation makes likely. */
const HINTED = { least: 3, more: 1.5, next: 1 };
/** A map whose edges lie so well where they are needs no further look. */
const SURELY_RIGHT = 8;
/** Aspect ratios that differ by up to this may be the same shape, rounded or cropped; by more than the second they are not. */
const SAME_SHAPE = 0.03;
const OTHER_SHAPE = 0.1;

/** What {@link findTurn} found. */
export interface FoundTurn {
  /** EXIF orientation 1..8; undefined = the shapes say that it must be turned, but nothing says which way. */
  orientation: number | undefined;
  /** What spoke for it. */
  by: 'edges' | 'orientation';
}

/**
 * How a map has to be turned to lie on its photo, where that is clear from their edges; as it is in all other cases.
 * @param hints orientations that are likelier than others: that of a map which was saved as the sensor saw it.
 */
export function* findTurn(map: RawDepth, photo: Photo, hints: readonly number[]): Passes<FoundTurn> {
  const allowed = fitting(map, photo);
  const likely = hints.filter((hint) => hint !== 1 && allowed.includes(hint));
  const score = yield* clarity(map, photo);
  if (!allowed.includes(1)) return turnByForce(allowed, likely[0], score);

  const asItIs = score(1);
  if (asItIs >= SURELY_RIGHT) return { orientation: 1, by: 'edges' };
  const [best, next] = ranked(allowed, score);
  const { least, more, next: beyond } = likely.includes(best.orientation) ? HINTED : UNHINTED;
  const isClear = best.score >= least && best.score - asItIs >= more && best.score - next.score >= beyond;
  return { orientation: isClear ? best.orientation : 1, by: 'edges' };
}

/**
 * How clearly the edges of a map of another shape lie on the photo's when it is stretched over it, and when it shows the photo's middle or
 * the photo with bars beside it; the measure is that of {@link findTurn}, 3 and more where it is clear.
 */
export function* stretchedOrCut(map: RawDepth, photo: Photo): Passes<{ stretched: number; otherwise: number }> {
  const { originalWidth: width, originalHeight: height } = photo;
  const shape = width / height / (map.width / map.height);
  const cutPhoto = cutMiddle(photo.width, photo.height, Math.min(1, 1 / shape), Math.min(1, shape));
  const cutMap = cutMiddle(map.width, map.height, Math.min(1, shape), Math.min(1, 1 / shape));
  const stretched = yield* clarity(map, photo);
  const inPart = yield* clarity(map, partOfPhoto(photo, cutPhoto));
  const ofPart = yield* clarity(partOfMap(map, cutMap), photo);
  return { stretched: stretched(1), otherwise: Math.max(inPart(1), ofPart(1)) };
}

function cutMiddle(width: number, height: number, partX: number, partY: number): Rect {
  const [w, h] = [Math.max(1, Math.round(width * partX)), Math.max(1, Math.round(height * partY))];
  return { x: (width - w) >> 1, y: (height - h) >> 1, width: w, height: h };
}

function partOfMap(map: RawDepth, { x, y, width, height }: Rect): RawDepth {
  const values = Float32Array.from(
    { length: width * height },
    (_, i) => map.values[(y + Math.floor(i / width)) * map.width + x + (i % width)]!,
  );
  return { ...map, width, height, values };
}

function partOfPhoto(photo: Photo, { x, y, width, height }: Rect): Raster {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++)
    rgba.set(photo.rgba.subarray(((y + row) * photo.width + x) * 4, ((y + row) * photo.width + x + width) * 4), row * width * 4);
  return { width, height, rgba };
}

/** How clearly the map's edges lie on the photo's when it is turned so: agreements at all sizes, added so that chance stays at one standard deviation. */
function* clarity(map: RawDepth, photo: Raster): Passes<(orientation: number) => number> {
  const scales: { edges: Edges; small: RawDepth }[] = [];
  for (const size of SIZES) {
    const edges = yield* photoEdges(photo, size);
    scales.push({ edges, small: { ...map, ...shrinkTo(map, size) } });
    yield;
  }
  return (orientation) =>
    scales.reduce(
      (sum, { edges, small }) => sum + edgeAgreement(mapEdges(turnUpright(small, orientation), edges.width, edges.height), edges),
      0,
    ) / Math.sqrt(scales.length);
}

/** A quarter turn is certain; which one is not. */
function turnByForce(allowed: readonly number[], likely: number | undefined, score: (orientation: number) => number): FoundTurn {
  const [best, next] = ranked(allowed, score);
  if (likely !== undefined) {
    const isOther = best.score >= UNHINTED.least && best.score - score(likely) >= UNHINTED.more;
    return isOther ? { orientation: best.orientation, by: 'edges' } : { orientation: likely, by: 'orientation' };
  }
  const isClear = best.score >= HINTED.least && best.score - next.score >= HINTED.more;
  return { orientation: isClear ? best.orientation : undefined, by: 'edges' };
}

interface Scored {
  orientation: number;
  score: number;
}

/** The best orientation and the one after it. */
function ranked(allowed: readonly number[], score: (orientation: number) => number): [Scored, Scored] {
  const scored = allowed.map((orientation) => ({ orientation, score: score(orientation) })).sort((a, b) => b.score - a.score);
  const none = { orientation: 1, score: -Infinity };
  return [scored[0] ?? none, scored[1] ?? none];
}

/** The orientations whose shape may be the photo's; as it is is among them unless only a quarter turn gives the photo's shape. */
function fitting({ width, height }: RawDepth, { originalWidth, originalHeight }: Photo): number[] {
  const upright = aspectDifference(width, height, originalWidth, originalHeight);
  const crossed = aspectDifference(height, width, originalWidth, originalHeight);
  const mustCross = crossed <= SAME_SHAPE && upright > OTHER_SHAPE;
  return [...(mustCross ? [] : [1, 2, 3, 4]), ...(crossed <= upright + SAME_SHAPE ? [5, 6, 7, 8] : [])];
}
