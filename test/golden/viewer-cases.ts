import { photoCamera, translation, type Camera, type Scene } from '../../src/core/index.ts';
import { SMALL, syntheticScene, type SceneRecipe } from '../browser/viewer-scene.ts';

/** A picture that both renderers must go on drawing as they do. */
export interface GoldenCase {
  name: string;
  recipe: SceneRecipe;
  camera(scene: Scene): Camera;
  supersample?: number;
  hardware: Tolerance;
  software: Tolerance;
}

/** Mean and largest difference allowed, 0..255: drivers round differently, and the software renderer interpolates differently; outlines most. */
export interface Tolerance {
  mean: number;
  most: number;
}

const own = (scene: Scene, scale = 1): Camera => photoCamera(scene.lens, scene.width * scale, scene.height * scale);
const moved = (scene: Scene, x: number, y: number, z: number, scale = 1): Camera => ({ ...own(scene, scale), c2w: translation(x, y, z) });

/** A camera turned to the right by `degrees` and moved a little. */
function turned(scene: Scene, degrees: number): Camera {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return { ...own(scene), c2w: [c, 0, -s, 0.02, 0, 1, 0, 0, s, 0, c, 0, 0, 0, 0, 1] };
}

const TOLERANCE = { hardware: { mean: 0.3, most: 24 }, software: { mean: 0.3, most: 16 } };

/** The one list: tests of both renderers compare with it, `update-viewer.ts` draws it anew by the shaders. */
export const goldenCases: readonly GoldenCase[] = [
  { name: 'own-view', recipe: SMALL, camera: (scene) => own(scene), ...TOLERANCE },
  { name: 'from-the-left', recipe: SMALL, camera: (scene) => moved(scene, -0.03, 0, 0), ...TOLERANCE },
  { name: 'from-above', recipe: SMALL, camera: (scene) => moved(scene, 0, 0.03, 0), supersample: 1, ...TOLERANCE },
  { name: 'forward', recipe: SMALL, camera: (scene) => moved(scene, 0.01, 0, -0.08), ...TOLERANCE },
  { name: 'back-over-the-border', recipe: SMALL, camera: (scene) => moved(scene, 0.05, 0.03, 0.4), ...TOLERANCE },
  { name: 'turned', recipe: SMALL, camera: (scene) => turned(scene, 8), ...TOLERANCE },
  {
    name: 'shifted-lens',
    recipe: SMALL,
    camera: (scene) => ({ ...moved(scene, -0.02, 0, 0), fx: 210, fy: 150, cx: 95, cy: 48 }),
    ...TOLERANCE,
  },
  { name: 'enlarged', recipe: SMALL, camera: (scene) => moved(scene, 0.02, 0.01, 0, 3), ...TOLERANCE },
  { name: 'enlarged-detail', recipe: { ...SMALL, detail: 3 }, camera: (scene) => moved(scene, 0.02, 0.01, 0, 3), ...TOLERANCE },
  { name: 'reduced', recipe: { ...SMALL, detail: 3 }, camera: (scene) => moved(scene, 0.02, 0.01, 0, 0.5), supersample: 3, ...TOLERANCE },
];

export const sceneOf = (golden: GoldenCase): Scene => syntheticScene(golden.recipe);
