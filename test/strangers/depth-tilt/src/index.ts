import { defineDepthSource, throwIfAborted } from 'unflat/plugin';

export default defineDepthSource({
  id: 'depth-tilt',
  label: 'Tilted ground',
  about: 'Streets, fields and floors: near at the bottom, far at the horizon.',
  options: [
    {
      id: 'horizon',
      label: 'Horizon',
      type: 'number',
      default: 0.4,
      min: 0,
      max: 0.9,
      step: 0.05,
      help: 'How far down it lies; above it all is far.',
    },
    { id: 'isTilted', label: 'The horizon is tilted', type: 'boolean', default: false },
    {
      id: 'angleDeg',
      label: 'Angle',
      type: 'number',
      default: 0,
      min: -30,
      max: 30,
      step: 1,
      unit: '°',
      group: 'Tilt',
      showIf: { option: 'isTilted', is: true },
    },
  ],
  supports: () => true,

  async estimate({ photo: { width, height }, options }, { signal, progress }) {
    throwIfAborted(signal);
    const horizon = Number(options['horizon']);
    const slope = options['isTilted'] === true ? Math.tan((Number(options['angleDeg']) * Math.PI) / 180) : 0;
    const disparity = new Float32Array(width * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // The horizon in this column, in rows from the top.
        const line = horizon * height + slope * (x - width / 2);
        disparity[y * width + x] = Math.min(1, Math.max(0, (y + 0.5 - line) / (height - horizon * height)));
      }
    }
    progress(1);
    return { depth: { width, height, disparity } };
  },
});
