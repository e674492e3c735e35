import { JOINED_DOWN, JOINED_RIGHT, NOTHING, type Layer, type LayerMesh, type Passes } from '../../core/index.ts';
import { mergeTiles, type Quads } from './merge-tiles.ts';
import { shareCorners } from './share-corners.ts';
import { collectNodes } from './collect-nodes.ts';
import type { SewnLayer, TileNodes } from './tile-nodes.ts';
import { countSoft, tileStates, type Tiles } from './tile-states.ts';

/** Triangles of all layers together stay below this: light for a phone. */
export const MAX_TRIANGLES = 150_000;
/** Smallest tile at silhouettes of layer 0, in pixels. */
const MIN_TILE_PX = 3;
/** Largest tile at silhouettes: beyond it, the triangles may exceed the budget rather than the picture suffer more. */
const MAX_TILE_PX = 24;
/** Hidden layers are seen less and need less: their tiles are larger by this. */
const HIDDEN_TILE_MORE_PX = 4;
/** What is known of how many nodes there will be at MIN_TILE_PX: a share a soft tile and a broken pixel. */
const NODES_A_SOFT_TILE = 0.55;
const NODES_A_BROKEN_PIXEL = 0.32;
/** Nodes at silhouettes fall with about this power of the tile's size (leaves, gravel and aloe: 1.05 to 1.25), those of flat parts with the other. */
const SOFT_NODES_FALL = 1.13;
const FLAT_NODES_FALL = 2;
/** Triangles left for flat parts until they are counted. */
const FLAT_TRIANGLES = 20_000;
/** What is known of them at any size of tile, from the tiles themselves: triangles a soft tile and a broken pixel. Within 6 % from 480 to 3840 pixels. */
const TRIANGLES_A_SOFT_TILE = 2.23;
const TRIANGLES_A_BROKEN_PIXEL = 0.124;
/** FLAT_TRIANGLES is for photos of this longer side; larger ones have more in proportion, and fewer the larger the tile is. Found at 480 to 3840 pixels. */
const FLAT_SIDE_PX = 960;
/** A size is passed over, before its meshes are made, where they are expected to be so much above the budget; the estimate is not surer than that. */
const SURELY_TOO_MANY = 1.1;
/** Joined neighbours of a hidden layer that differ by more than so many tolerances are not one surface: a fallback background joins whatever it meets. */
const STEEP_TOLERANCES = 60;
/** Quads without a silhouette reach out by this many pixels, so that rounding opens no crack between sizes. */
const OVERLAP_PX = 1 / 32;

/** Parallax error, in photo pixels at the eyebox's end, that a mesh may have. */
const MESH_TOLERANCE_PX = 0.15;

/**
 * Meshes all layers for viewing: one quad a surface in small tiles at silhouettes, merged into large
 * ones where a surface is flat, as fine as the triangle budget allows.
 * @param given a hidden layer's steps are drawn as the surfaces that meet there, and behind them as it is joined.
 * @param typicalParallax pixels of parallax a unit of disparity, see ParallaxBounds.
 */
export function* meshLayers(given: readonly Layer[], typicalParallax: number): Passes<LayerMesh[]> {
  const tolerance = MESH_TOLERANCE_PX / typicalParallax;
  const layers = given.map((layer, k): SewnLayer =>
    k === 0 || k + 1 < given.length ? layer : unsewn(layer, STEEP_TOLERANCES * tolerance),
  );
  const tilesOf = function* (tile: number): Passes<Tiles[]> {
    const all: Tiles[] = [];
    for (const [k, layer] of layers.entries()) {
      yield;
      all.push(tileStates(layer, k === 0 ? tile : tile + HIDDEN_TILE_MORE_PX));
    }
    return all;
  };
  /** The smallest tile above `tile` with which the triangles are likely to come down to the budget. */
  const coarser = (tile: number, soft: number, flat: number, budget: number): number => {
    let size = tile + 1;
    while (size < MAX_TILE_PX && soft * (tile / size) ** SOFT_NODES_FALL + flat * (tile / size) ** FLAT_NODES_FALL > budget) size++;
    return size;
  };
  let tile = MIN_TILE_PX;
  let tiles = yield* tilesOf(tile);
  const expected = 2 * tiles.reduce((sum, t) => sum + NODES_A_SOFT_TILE * countSoft(t) + NODES_A_BROKEN_PIXEL * t.broken, 0);
  if (expected + FLAT_TRIANGLES > MAX_TRIANGLES) {
    tile = coarser(tile, expected, 0, MAX_TRIANGLES - FLAT_TRIANGLES);
    tiles = yield* tilesOf(tile);
  }
  const side = Math.max(given[0]!.width, given[0]!.height);
  while (tile < MAX_TILE_PX) {
    const soft = tiles.reduce((sum, t) => sum + TRIANGLES_A_SOFT_TILE * countSoft(t) + TRIANGLES_A_BROKEN_PIXEL * t.broken, 0);
    const flat = FLAT_TRIANGLES * Math.max(1, (side / FLAT_SIDE_PX) * (MIN_TILE_PX / tile));
    if (soft + flat <= SURELY_TOO_MANY * MAX_TRIANGLES) break;
    tile = coarser(tile, soft, flat, MAX_TRIANGLES);
    tiles = yield* tilesOf(tile);
  }
  for (;;) {
    const meshes: LayerMesh[] = [];
    for (const [k, layer] of layers.entries()) {
      yield;
      const nodes = collectNodes(layer, tiles[k]!);
      yield;
      const corners = shareCorners(layer, nodes);
      yield;
      const quads = mergeTiles(layer, nodes, corners, tolerance);
      yield;
      meshes.push(meshOf(layer, nodes, corners.value, quads));
    }
    const triangles = meshes.reduce((sum, m) => sum + m.indices.length / 3, 0);
    if (triangles <= MAX_TRIANGLES || tile >= MAX_TILE_PX) return meshes;
    const soft = meshes.reduce((sum, m) => sum + (m.indices.length - m.softStart) / 3, 0);
    tile = coarser(tile, soft, triangles - soft, MAX_TRIANGLES);
    tiles = yield* tilesOf(tile);
  }
}

/** The layer without its joins across steps of more than `steep`. */
function unsewn(layer: Layer, steep: number): SewnLayer {
  let joins: Uint8Array | undefined;
  for (let y = 0; y < layer.height; y++) joins = unsewRow(layer, y * layer.width, steep, joins);
  return joins ? { ...layer, joins, isSewn: true } : layer;
}

function unsewRow(
  { width, disparity, joins: given }: Layer,
  start: number,
  steep: number,
  changed: Uint8Array | undefined,
): Uint8Array | undefined {
  for (let i = start; i < start + width; i++) {
    const bits = given[i]!;
    if (bits === 0) continue;
    const across = bits & JOINED_RIGHT && Math.abs(disparity[i + 1]! - disparity[i]!) > steep ? JOINED_RIGHT : 0;
    const down = bits & JOINED_DOWN && Math.abs(disparity[i + width]! - disparity[i]!) > steep ? JOINED_DOWN : 0;
    if (!(across | down)) continue;
    changed ??= given.slice();
    changed[i] = bits & ~(across | down);
  }
  return changed;
}

function meshOf(layer: Layer, nodes: TileNodes, value: Float32Array, quads: Quads): LayerMesh {
  const { size, columns } = nodes.tiles;
  const vertices = new Float32Array(quads.count * 20);
  const indices = new Uint32Array(quads.count * 6);
  let softStart = quads.count * 6;
  for (let q = 0; q < quads.count; q++) {
    const node = quads.node[q]!;
    const soft = nodes.soft[node] === 1;
    if (soft && q * 6 < softStart) softStart = q * 6;
    const t = nodes.tile[node]!;
    const x0 = (t % columns) * size;
    const y0 = Math.floor(t / columns) * size;
    const x1 = Math.min(x0 + size * quads.span[q]!, layer.width);
    const y1 = Math.min(y0 + size * quads.span[q]!, layer.height);
    const a = value[quads.corners[q * 4]!]!;
    const b = value[quads.corners[q * 4 + 1]!]!;
    const c = value[quads.corners[q * 4 + 2]!]!;
    const d = value[quads.corners[q * 4 + 3]!]!;
    const over = soft ? 0 : OVERLAP_PX;
    const dx = (over * (b + d - a - c)) / 2 / (x1 - x0);
    const dy = (over * (c + d - a - b)) / 2 / (y1 - y0);
    const low = soft ? nodes.low[node]! : NOTHING / 2;
    const high = soft ? nodes.high[node]! : -NOTHING / 2;
    const v = q * 20;
    put(vertices, v, x0 - over, y0 - over, a - dx - dy, low, high);
    put(vertices, v + 5, x1 + over, y0 - over, b + dx - dy, low, high);
    put(vertices, v + 10, x0 - over, y1 + over, c - dx + dy, low, high);
    put(vertices, v + 15, x1 + over, y1 + over, d + dx + dy, low, high);
    // Counter-clockwise as the camera sees it (y down in the layer, up in the world).
    const n = q * 4;
    const i = q * 6;
    indices[i] = n;
    indices[i + 1] = n + 2;
    indices[i + 2] = n + 1;
    indices[i + 3] = n + 1;
    indices[i + 4] = n + 2;
    indices[i + 5] = n + 3;
  }
  return { vertices, indices, softStart };
}

function put(vertices: Float32Array, at: number, x: number, y: number, d: number, low: number, high: number): void {
  vertices[at] = x;
  vertices[at + 1] = y;
  vertices[at + 2] = d;
  vertices[at + 3] = low;
  vertices[at + 4] = high;
}
