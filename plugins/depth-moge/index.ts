import { defineDepthModel, readNearness } from 'unflat/plugin';

/** Below this the model says that a pixel belongs to no thing, but to the sky. */
const THING = 0.5;

export default defineDepthModel({
  id: 'depth-moge',
  label: 'MoGe',
  outputs: ['mask'],
  read(answer, model, photo) {
    const points = answer.output.data;
    const mask = answer.outputs['mask']?.data;
    if (!mask || mask.length * 3 !== points.length || !(points instanceof Float32Array)) return readNearness(answer, model, photo);
    const isSky = (i: number): boolean => Number(mask[i]) < THING;
    // What has no place in the scene says nothing of the camera either.
    for (let i = 0; i < mask.length; i++) if (isSky(i)) points.fill(NaN, i * 3, i * 3 + 3);
    const nearness = readNearness(answer, model, photo);
    for (let i = 0; i < mask.length; i++) if (isSky(i)) nearness.values[i] = 0;
    return nearness;
  },
});
