import { photoCamera, translation, type Eyebox } from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene, type DrawnScene } from '../../src/raster/index.ts';

/** Middles, corners and half-way points of the eyebox, in parts of it. */
export const PLACES: (readonly [number, number, number])[] = [];
for (const x of [-1, 0, 1]) for (const y of [-1, 0, 1]) for (const z of [-1, 0, 1]) PLACES.push([x, y, z]);
for (const part of [0.25, 0.5, 0.75]) PLACES.push([part, 0, 0], [-part, 0, 0], [0, part, 0], [0, -part, 0], [0, 0, -part]);

/** Pixels in the frame that no layer covers, over cameras at these places of the eyebox. Default: middles, corners and half-way points. */
export function uncovered(scene: DrawnScene, eyebox: Eyebox, places: readonly (readonly [number, number, number])[] = PLACES): number {
  // All of it white, before black; coverage stays.
  const layers = scene.layers.map((layer) => ({ ...layer, rgba: layer.rgba.map((value, i) => (i % 4 < 3 ? 255 : value)) }));
  const renderer = new SoftwareRenderer(prepareScene({ ...scene, layers }));
  let count = 0;
  for (const [x, y, z] of places) {
    const camera = { ...photoCamera(scene.lens, scene.width, scene.height), c2w: translation(x * eyebox.x, y * eyebox.y, z * eyebox.z) };
    const { rgba } = renderer.draw(camera, { backdrop: false });
    for (let i = 0; i < rgba.length; i += 4) if (rgba[i]! < 128) count++;
  }
  return count;
}
