import { NOTHING, type Layer, type LayerMesh } from '../core/index.ts';
import { mergeTiles, type Quad } from './merge-tiles.ts';
import { shareCorners } from './share-corners.ts';
import { collectNodes, type TileNodes } from './tile-nodes.ts';

/** Triangles of all layers together stay below this: light for a phone. */
export const MAX_TRIANGLES = 150_000;
/** Smallest tile at silhouettes, in pixels. */
const MIN_TILE = 3;
/** Largest tile at silhouettes: beyond it, the triangles may exceed the budget rather than the picture suffer more. */
const MAX_TILE = 12;
/** Quads without a silhouette reach out by this many pixels, so that rounding opens no crack between sizes. */
const OVERLAP_PX = 1 / 32;

/**
 * Meshes all layers for viewing: one quad a surface in small tiles at silhouettes, merged into large
 * ones where a surface is flat, as fine as the triangle budget allows.
 * @param tolerance disparity error that nobody can see.
 */
export function meshLayers(layers: readonly Layer[], tolerance: number): LayerMesh[] {
  for (let tile = MIN_TILE; ; tile++) {
    const built = layers.map((layer) => {
      const nodes = collectNodes(layer, tile);
      const corners = shareCorners(layer, nodes, tile);
      return { nodes, corners, quads: mergeTiles(layer, nodes, corners, tile, tolerance) };
    });
    const triangles = built.reduce((sum, b) => sum + 2 * b.quads.length, 0);
    if (triangles > MAX_TRIANGLES && tile < MAX_TILE) continue;
    return layers.map((layer, k) => meshOf(layer, built[k]!.nodes, built[k]!.corners.value, built[k]!.quads, tile));
  }
}

function meshOf(layer: Layer, nodes: TileNodes, value: Float32Array, quads: readonly Quad[], tile: number): LayerMesh {
  const ordered = [...quads.filter((q) => !nodes.soft[q.node]), ...quads.filter((q) => nodes.soft[q.node])];
  const whole = ordered.findIndex((q) => nodes.soft[q.node]);
  const vertices = new Float32Array(quads.length * 20);
  const indices = new Uint32Array(quads.length * 6);
  ordered.forEach((quad, n) => {
    const soft = nodes.soft[quad.node] === 1;
    const x0 = (nodes.tile[quad.node]! % nodes.columns) * tile;
    const y0 = Math.floor(nodes.tile[quad.node]! / nodes.columns) * tile;
    const x1 = Math.min(x0 + tile * quad.span, layer.width);
    const y1 = Math.min(y0 + tile * quad.span, layer.height);
    const grow = soft ? 0 : OVERLAP_PX;
    const d = quad.corners.map((c) => value[c]!);
    const slopeX = (d[1]! + d[3]! - d[0]! - d[2]!) / 2 / (x1 - x0);
    const slopeY = (d[2]! + d[3]! - d[0]! - d[1]!) / 2 / (y1 - y0);
    for (let c = 0; c < 4; c++) {
      const sx = c & 1 ? grow : -grow;
      const sy = c & 2 ? grow : -grow;
      const v = (n * 4 + c) * 5;
      vertices[v] = (c & 1 ? x1 : x0) + sx;
      vertices[v + 1] = (c & 2 ? y1 : y0) + sy;
      vertices[v + 2] = d[c]! + slopeX * sx + slopeY * sy;
      vertices[v + 3] = soft ? nodes.low[quad.node]! : NOTHING / 2;
      vertices[v + 4] = soft ? nodes.high[quad.node]! : -NOTHING / 2;
    }
    // Counter-clockwise as the camera sees it (y down in the layer, up in the world).
    const v = n * 4;
    indices.set([v, v + 2, v + 1, v + 1, v + 2, v + 3], n * 6);
  });
  return { vertices, indices, softStart: (whole < 0 ? ordered.length : whole) * 6 };
}
