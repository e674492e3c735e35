import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import type { Camera, Raster, Scene } from '../../src/core/index.ts';
import { picture, sample } from './read-picture.ts';
import { readScene } from './read-scene.ts';
import { sceneOf } from './scene-of.ts';

/** What a camera of a scene truly sees. @property kindOf of a pixel: 0 = seen in the photo, 255 = hidden there, 128 = beyond its frame. */
export interface TrueView {
  camera: Camera;
  truth: Raster;
  kindOf(pixel: number): number;
}

interface ViewLine {
  file: string;
  mask: string;
  c2w: number[][];
  width: number;
  height: number;
  fx: number;
  fy: number;
  cx: number;
  cy: number;
}

/** The scenes of the quality bench in that folder, with the eyebox that their views need and the model-free inpainter. */
export function* renderedScenes(folder: string): Generator<{ name: string; scene: Scene; views: TrueView[] }> {
  for (const name of ['still_life', 'garden', 'room', 'toys', 'columns']) {
    if (!existsSync(join(folder, name, 'camera.json'))) continue;
    const { photo, depth, lens, camera: lines } = readScene<ViewLine>(join(folder, name));
    const most = (axis: number): number => Math.max(...lines.views.map(({ c2w }) => Math.abs(c2w[axis]![3]!)));
    const scene = sceneOf(photo, depth, lens, { x: most(0), y: most(1), z: most(2) }, true);
    const views = lines.views.map(({ file, mask, c2w, ...camera }): TrueView => {
      const kinds = decode(readFileSync(join(folder, name, mask)));
      return {
        camera: { width: camera.width, height: camera.height, fx: camera.fx, fy: camera.fy, cx: camera.cx, cy: camera.cy, c2w: c2w.flat() },
        truth: picture(join(folder, name, file)),
        kindOf: (pixel) => sample(kinds, pixel),
      };
    });
    yield { name, scene, views };
  }
}
