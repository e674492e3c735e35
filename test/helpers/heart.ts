/** The heart's stages and the inpainter without a model, each in one go: tests have nothing to cancel. */
import { fill as fillWork, fillSmooth as fillSmoothWork } from '../../plugins/inpaint-classic/fill.ts';
import { finish, type Passes } from '../../src/core/index.ts';
import * as layers from '../../src/layers/index.ts';

const inOneGo =
  <A extends unknown[], T>(work: (...args: A) => Passes<T>) =>
  (...args: A): T =>
    finish(work(...args));

export const sharpen = inOneGo(layers.sharpen);
export const tear = inOneGo(layers.tear);
export const grow = inOneGo(layers.grow);
export const mesh = inOneGo(layers.mesh);
export const buildHoles = inOneGo(layers.buildHoles);
export const { applyInpainted } = layers;
export const fill = inOneGo(fillWork);
export const fillSmooth = inOneGo(fillSmoothWork);
