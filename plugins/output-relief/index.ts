import { EventLoop, defineOutput, throwIfAborted } from 'unflat/plugin';
import { reliefTriangles } from './relief-triangles.ts';

/** Triangles that are written at a stretch. */
const A_TURN = 1 << 15;

/** The depth map as a plate for 3D printing. */
export default defineOutput({
  id: 'output-relief',
  label: 'Relief for 3D printing',
  about: 'A plate whose front is the depth of the photo.',
  group: 'model',
  products: [{ id: 'relief', label: 'Relief for 3D printing (STL)', suffixes: ['_relief.stl'] }],
  needs: 'depth',
  options: [
    { id: 'sizeMm', label: 'Longer side', type: 'number', default: 100, min: 10, max: 1000, step: 1, unit: 'mm' },
    { id: 'depthMm', label: 'Height of what is nearest', type: 'number', default: 8, min: 0.5, max: 100, step: 0.5, unit: 'mm' },
    { id: 'baseMm', label: 'Thickness of the base', type: 'number', default: 2, min: 0.4, max: 20, step: 0.2, unit: 'mm' },
    {
      id: 'samples',
      label: 'Points along the longer side',
      type: 'number',
      default: 400,
      min: 50,
      max: 1500,
      step: 10,
      help: 'A printer that lays lines of 0.4 mm shows no more than 250 on 100 mm.',
    },
  ],
  supports: () => true,

  async write({ scene, options }, { signal, progress }) {
    throwIfAborted(signal);
    const { points, triangles } = reliefTriangles(scene.depth, {
      sizeMm: Number(options['sizeMm'] ?? 100),
      depthMm: Number(options['depthMm'] ?? 8),
      baseMm: Number(options['baseMm'] ?? 2),
      samples: Number(options['samples'] ?? 400),
    });
    const count = triangles.length / 3;
    // Binary STL: 80 bytes of anything, the number of triangles, and for each normal, corners, two bytes of nothing.
    const file = new DataView(new ArrayBuffer(84 + 50 * count));
    new Uint8Array(file.buffer).set(new TextEncoder().encode('Made by Unflat; millimetres'));
    file.setUint32(80, count, true);
    const loop = new EventLoop();
    try {
      for (let n = 0; n < count; n++) {
        const at = 84 + 50 * n;
        const corners = [0, 1, 2].map((k) => points.subarray(3 * triangles[3 * n + k]!, 3 * triangles[3 * n + k]! + 3));
        const [a, b, c] = corners as [Float32Array, Float32Array, Float32Array];
        const [u, v] = [b, c].map((corner) => [corner[0]! - a[0]!, corner[1]! - a[1]!, corner[2]! - a[2]!]) as [number[], number[]];
        const normal = [u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!];
        const length = Math.hypot(...normal) || 1;
        [...normal.map((value) => value / length), ...a, ...b, ...c].forEach((value, k) => file.setFloat32(at + 4 * k, value, true));
        if (n % A_TURN !== A_TURN - 1) continue;
        progress(n / count);
        await loop.turn();
        throwIfAborted(signal);
      }
    } finally {
      loop.dispose();
    }
    progress(1);
    return { suffix: '_relief.stl', blob: new Blob([file.buffer], { type: 'model/stl' }) };
  },
});
