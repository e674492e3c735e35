import { defineOutput, inverseDepth, throwIfAborted, type Layer, type Scene } from 'unflat/plugin';

export default defineOutput({
  id: 'output-obj',
  label: 'OBJ',
  about: 'A mesh with its texture, for modelling programs.',
  products: [
    { id: 'obj', label: 'Mesh (OBJ)', suffixes: ['.obj'] },
    { id: 'obj-material', label: 'Its material (MTL)', suffixes: ['.mtl'] },
    { id: 'obj-texture', label: 'Its texture (BMP)', suffixes: ['.bmp'] },
  ],
  options: [{ id: 'step', label: 'Pixels between vertices', type: 'number', default: 2, min: 1, max: 8, step: 1 }],
  supports: () => true,

  async write({ product, scene, options }, { signal, progress }) {
    throwIfAborted(signal);
    const [layer] = scene.layers;
    if (!layer) throw new Error('The scene has no layers.');
    progress(0.1);
    throwIfAborted(signal);
    const blob =
      product === 'obj'
        ? mesh(scene, layer, Number(options['step']))
        : product === 'obj-texture'
          ? bitmap(layer)
          : new Blob([material(scene.name)]);
    progress(1);
    return { suffix: { obj: '.obj', 'obj-material': '.mtl', 'obj-texture': '.bmp' }[product] ?? '.obj', blob };
  },
});

/** A grid over the photo's own layer; a square is left out where its corners lie on different surfaces. */
function mesh({ name, lens, width, height }: Scene, { width: wide, height: high, margin, disparity, rgba }: Layer, step: number): Blob {
  const longer = Math.max(width, height);
  const lines = [`mtllib ${name}.mtl`, 'usemtl photo'];
  const ids = new Map<number, number>();
  for (let y = 0; y < high; y += step) {
    for (let x = 0; x < wide; x += step) {
      const i = y * wide + x;
      if (rgba[i * 4 + 3] === 0) continue;
      ids.set(i, ids.size + 1);
      const z = 1 / inverseDepth(lens, Math.max(0, disparity[i] ?? 0));
      const u = (x + 0.5 - margin) / longer;
      const v = (y + 0.5 - margin) / longer;
      lines.push(`v ${f(((u - lens.cx) / lens.fx) * z)} ${f((-(v - lens.cy) / lens.fy) * z)} ${f(-z)}`);
      lines.push(`vt ${f((x + 0.5) / wide)} ${f(1 - (y + 0.5) / high)}`);
    }
  }
  for (let y = 0; y + step < high; y += step) {
    for (let x = 0; x + step < wide; x += step) {
      const corners = [y * wide + x, (y + step) * wide + x, (y + step) * wide + x + step, y * wide + x + step];
      const all = corners.map((i) => disparity[i] ?? 0);
      if (corners.some((i) => !ids.has(i)) || Math.max(...all) - Math.min(...all) > 0.05) continue;
      lines.push(`f ${corners.map((i) => `${ids.get(i)}/${ids.get(i)}`).join(' ')}`);
    }
  }
  return new Blob([`${lines.join('\n')}\n`]);
}

const f = (value: number): string => value.toFixed(5);

/** The three files carry the photo's name. */
const material = (name: string): string => `newmtl photo\nKa 1 1 1\nKd 1 1 1\nillum 0\nmap_Kd ${name}.bmp\n`;

/** The layer's colours, 24 bits, rows from the bottom. */
function bitmap({ width, height, rgba }: Layer): Blob {
  const row = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + row * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [
    [2, bytes.length],
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
    [34, row * height],
  ] as const)
    view.setUint32(at, value, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 4;
      bytes.set([rgba[from + 2] ?? 0, rgba[from + 1] ?? 0, rgba[from] ?? 0], 54 + (height - 1 - y) * row + x * 3);
    }
  }
  return new Blob([bytes]);
}
