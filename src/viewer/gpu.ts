import { ThinEngine } from '@babylonjs/core/Engines/thinEngine.js';
import '@babylonjs/core/Engines/Extensions/engine.alpha.js';
import '@babylonjs/core/Engines/Extensions/engine.rawTexture.js';
import '@babylonjs/core/Engines/Extensions/engine.renderTarget.js';
import { Logger } from '@babylonjs/core/Misc/logger.js';
import { isSoftwareName } from './is-software-name.ts';
import { noGraphics } from './no-graphics.ts';

/** Babylon's numbers (its `Constants`), without the class that holds a thousand more. */
export const GPU = {
  formatRgba: 5,
  formatRed: 6,
  formatRedGreen: 7,
  typeByte: 0,
  typeFloat: 1,
  nearest: 1,
  bilinear: 2,
  trilinear: 3,
  clamp: 0,
  opaque: 0,
  premultiplied: 7,
  triangles: 0,
  less: 513,
  wholeViewport: { x: 0, y: 0, width: 1, height: 1, toGlobal: (width: number, height: number) => ({ x: 0, y: 0, width, height }) },
} as const;

/** Babylon's engine without its scene graph: 40 KB instead of 200 in a bundle. */
export type Gpu = ThinEngine;

/**
 * Starts WebGL2 on a canvas. A lost context is not handled here: whoever owns the canvas throws
 * everything away and starts anew.
 * @throws UnflatError `graphics-unavailable` where there is no WebGL2.
 */
export function startGpu(canvas: HTMLCanvasElement | OffscreenCanvas, options: { antialias: boolean }): Gpu {
  Logger.LogLevels = Logger.WarningLogLevel | Logger.ErrorLogLevel;
  let gpu: ThinEngine | undefined;
  let cause: unknown;
  try {
    gpu = new ThinEngine(canvas, options.antialias, {
      alpha: false,
      depth: true,
      stencil: false,
      antialias: options.antialias,
      premultipliedAlpha: true,
      powerPreference: 'high-performance',
      doNotHandleContextLost: true,
    });
  } catch (error) {
    cause = error;
  }
  if (!gpu || gpu.webGLVersion < 2) {
    gpu?.dispose();
    throw noGraphics(cause);
  }
  return gpu;
}

/** Ends the engine and gives its context back to the browser, which has only a handful for all pages. */
export function endGpu(gpu: Gpu): void {
  const release = gpu._gl.getExtension('WEBGL_lose_context');
  const isLost = gpu._gl.isContextLost();
  gpu.dispose();
  if (!isLost) release?.loseContext();
}

/** Whether a program draws instead of a graphics card, some fifty times slower. */
export function isSoftware(gpu: Gpu): boolean {
  return isSoftwareName(gpu.getGlInfo().renderer);
}
