/** Gaussian splats of ours in a Babylon scene of somebody else, loaded as any splat file is. */
import { Engine } from '@babylonjs/core/Engines/engine.js';
import { FreeCamera } from '@babylonjs/core/Cameras/freeCamera.js';
import { ImportMeshAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { Color4 } from '@babylonjs/core/Maths/math.color.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/SPLAT/splatFileLoader.js';

export interface SplatShot {
  /** Of the lens. */
  verticalFovRad: number;
  width: number;
  height: number;
  isRightHanded: boolean;
  /** Where the camera looks. */
  target: [number, number, number];
  /** Babylon's loader turns y over unless this is set. */
  flipY?: boolean;
}

const tests = {
  /** @returns RGBA from the top, base64, and the number of splats. */
  async drawSplats(base64: string, extension: '.ply' | '.spz', shot: SplatShot): Promise<{ rgba: string; count: number }> {
    const { width, height } = shot;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    canvas.style.cssText = `width:${width}px;height:${height}px`;
    document.body.append(canvas);
    const engine = new Engine(canvas, false, { preserveDrawingBuffer: true });
    engine.setSize(width, height);
    const scene = new Scene(engine);
    scene.useRightHandedSystem = shot.isRightHanded;
    scene.clearColor = new Color4(0, 0, 0, 1);
    const camera = new FreeCamera('camera', Vector3.Zero(), scene);
    camera.setTarget(new Vector3(...shot.target));
    camera.fov = shot.verticalFovRad;
    camera.minZ = 0.01;
    camera.maxZ = 1000;
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const { meshes } = await ImportMeshAsync(new File([bytes], `photo${extension}`), scene, {
      // SPZ: by default it downloads the format's own library; without, it reads versions 2 and 3 itself.
      pluginOptions: { splat: { flipY: shot.flipY ?? false, spzLibraryUrl: '' } },
    });
    await scene.whenReadyAsync();
    // A worker puts the splats in order, between two pictures.
    for (let n = 0; n < 4; n++) {
      scene.render();
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const pixels = new Uint8Array(((await engine.readPixels(0, 0, width, height)) as Uint8Array).buffer);
    const flipped = new Uint8Array(pixels.length);
    for (let y = 0; y < height; y++) flipped.set(pixels.subarray(4 * width * (height - 1 - y), 4 * width * (height - y)), 4 * width * y);
    const count = meshes.reduce((sum, mesh) => sum + ('splatCount' in mesh ? Number(mesh.splatCount) : 0), 0);
    engine.dispose();
    canvas.remove();
    return { rgba: btoa(Array.from(flipped, (byte) => String.fromCharCode(byte)).join('')), count };
  },
};

declare global {
  var splatTests: typeof tests;
}
globalThis.splatTests = tests;
