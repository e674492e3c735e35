import { UnflatError } from '../core/index.ts';
import { boxUnder } from './box-under.ts';
import { patchBytes } from './patches.ts';
import type { DrawnScene } from './prepare-scene.ts';
import { sharpBytes, type SharpScale } from './sharp-texture.ts';

/** Bytes that a scene may take where it is drawn: the converter's largest, 4096 × 4096 pixels, takes about 1.1 of these 1.25 GiB. */
const MOST_BYTES = 1.25 * 2 ** 30;
/** Bytes of a layer a pixel while it is made ready: itself and its surrounds. Layers take turns. */
const MAKING_BYTES = 16;
/** Bytes of a vertex that is projected. */
const PROJECTED_BYTES = 48;
/** Sides from here on have no room in the sixteen bits of a place before the point. */
const MOST_DOUBLED = 2 ** 14 - 16;

/**
 * How finely the layers' colours are kept, so that the scene fits into so many bytes.
 * @throws UnflatError `image-too-large` where it never does.
 */
export function scaleThatFits(scene: DrawnScene, mostBytes = MOST_BYTES): SharpScale {
  const { layers, meshes, detail } = scene;
  const longest = Math.max(0, ...layers.flatMap(({ width, height }) => [width, height]));
  const rest =
    meshes.reduce((sum, mesh) => sum + mesh.vertices.byteLength + mesh.indices.byteLength + patchBytes(mesh), 0) +
    (PROJECTED_BYTES / 5) * Math.max(0, ...meshes.map(({ vertices }) => vertices.length)) +
    MAKING_BYTES * Math.max(0, ...layers.map(({ width, height }) => width * height)) +
    // Halved again and again it takes a third more.
    (detail ? (detail.width * detail.height * 16) / 3 : 0);
  const bytesAt = (scale: SharpScale): number =>
    layers.reduce((sum, layer, k) => {
      const mesh = meshes[k];
      if (!mesh) return sum;
      const { x0, y0, x1, y1 } = boxUnder(layer, mesh);
      return sum + sharpBytes(x1 - x0, y1 - y0, scale);
    }, rest);
  if (longest <= MOST_DOUBLED && bytesAt(2) <= mostBytes) return 2;
  const least = bytesAt(1);
  if (least <= mostBytes) return 1;
  const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
  throw new UnflatError(
    'image-too-large',
    `This 3D photo is too large to draw without a graphics card: it would take ${gigabytes(least)} GB of memory, and at most ${gigabytes(mostBytes)} GB are used. Make it anew with a smaller working size.`,
  );
}
