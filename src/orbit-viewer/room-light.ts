import { RawCubeTexture } from '@babylonjs/core/Materials/Textures/rawCubeTexture.js';
import { CubeMapToSphericalPolynomialTools } from '@babylonjs/core/Misc/HighDynamicRange/cubemapToSphericalPolynomial.js';
import type { Scene } from '@babylonjs/core/scene.js';

const SIDE = 32;
/** Babylon's numbers for RGBA and bytes. */
const RGBA = 5;
const BYTES = 0;
/** Linear light 0..1 from below, from the horizon and from above, and of the window that metals mirror. */
const LIGHT = { ground: 0.16, horizon: 0.4, sky: 0.78, window: 1 };

/** A plain bright room around the content, as what shines and mirrors needs something to show. Made here: nothing is fetched. */
export function roomLight(scene: Scene): RawCubeTexture {
  const faces = Array.from({ length: 6 }, (_, face) => new Uint8Array(faceBytes(face)));
  const texture = new RawCubeTexture(scene, faces, SIDE, RGBA, BYTES, true);
  texture.gammaSpace = false;
  const [right, left, up, down, front, back] = faces as [Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  texture.sphericalPolynomial = CubeMapToSphericalPolynomialTools.ConvertCubeMapToSphericalPolynomial({
    size: SIDE,
    right,
    left,
    up,
    down,
    front,
    back,
    format: RGBA,
    type: BYTES,
    gammaSpace: false,
  });
  return texture;
}

/** The sides +x, −x, +y, −y, +z, −z, row by row from above. */
function faceBytes(face: number): number[] {
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [u, v] = [((i % SIDE) + 0.5) / SIDE, (Math.floor(i / SIDE) + 0.5) / SIDE];
    const height = face === 2 ? 1 : face === 3 ? -1 : (1 - 2 * v) / Math.hypot(1, 1 - 2 * v, 1 - 2 * u);
    const isWindow = face === 4 && u > 0.25 && u < 0.6 && v > 0.15 && v < 0.5;
    const side = height > 0 ? LIGHT.sky : LIGHT.ground;
    const light = isWindow ? LIGHT.window : LIGHT.horizon + (side - LIGHT.horizon) * Math.abs(height);
    return [light * 255, light * 255, light * 255, 255];
  }).flat();
}
