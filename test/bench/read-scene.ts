import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { DepthMap, Lens, Raster } from '../../src/core/index.ts';
import { picture } from './read-picture.ts';

/** The camera of a rendered scene, in pixels of its photo. @template V what its file says of each further view. */
interface SceneCamera<V> {
  width: number;
  height: number;
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  near: number;
  far: number;
  views: V[];
}

/** A rendered scene of the quality bench: its photo, its true depth, its camera as the file says and as a lens. */
export function readScene<V = unknown>(folder: string): { photo: Raster; depth: DepthMap; lens: Lens; camera: SceneCamera<V> } {
  const photo = picture(join(folder, 'photo.png'));
  const { width, height } = photo;
  const map = decode(readFileSync(join(folder, 'disparity.png')));
  const disparity = Float32Array.from({ length: width * height }, (_, i) => map.data[i * map.channels]! / 65535);
  const camera = JSON.parse(readFileSync(join(folder, 'camera.json'), 'utf8')) as SceneCamera<V>;
  const { fx, fy, cx, cy, near, far } = camera;
  const longer = Math.max(width, height);
  const lens = { fx: fx / longer, fy: fy / longer, cx: cx / longer, cy: cy / longer, near, far };
  return { photo, depth: { width, height, disparity }, lens, camera };
}
