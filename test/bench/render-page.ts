/** Runs in the browser, for the bench of both renderers. */
import type { Camera, Scene } from '../../src/core/index.ts';
import { SoftwareRenderer, prepareScene } from '../../src/raster/index.ts';
import { FrameRenderer } from '../../src/viewer/index.ts';
import { unpackScene } from './pack-scene.ts';

let scene: Scene;
let hardware: FrameRenderer | undefined;
let software: SoftwareRenderer;

const tests = {
  async open(url: string): Promise<void> {
    hardware?.dispose();
    scene = unpackScene(await (await fetch(url)).arrayBuffer());
    hardware = new FrameRenderer(scene);
    software = new SoftwareRenderer(prepareScene(scene));
  },

  /** Draws as many cameras as there are, as the videos do, and lets the pictures go. */
  async frames(renderer: 'hardware' | 'raster', cameras: Camera[]): Promise<void> {
    const out = new Uint8ClampedArray(cameras[0]!.width * cameras[0]!.height * 4);
    for (const camera of cameras) {
      if (renderer === 'hardware') (await hardware!.render(camera)).close();
      else software.draw(camera, { out });
    }
  },

  /** Base64 of a picture by the shaders. */
  async picture(camera: Camera, supersample: number): Promise<string> {
    const { rgba } = await hardware!.readPixels(camera, { supersample });
    let text = '';
    for (let i = 0; i < rgba.length; i += 8192) text += String.fromCharCode(...rgba.subarray(i, i + 8192));
    return btoa(text);
  },
};

declare global {
  var renderBench: typeof tests;
}
globalThis.renderBench = tests;
