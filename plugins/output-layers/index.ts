import { EventLoop, defineOutput, throwIfAborted } from 'unflat/plugin';
import type { Layer } from 'unflat/plugin';
import { writePng, type Samples } from '../shared/png/write-png.ts';
import { zipOf } from '../shared/zip-of.ts';

/** The layers of the 3D photo as pictures, for picture editors and compositing programs. */
export default defineOutput({
  id: 'output-layers',
  label: 'Layers',
  about: 'The photo and what was filled in behind it, each with its depth.',
  group: 'depth',
  products: [
    { id: 'layers', label: 'Layers (PNG files in a ZIP)', suffixes: ['_layers.zip'] },
    { id: 'psd', label: 'Layers (Photoshop file)', suffixes: ['_layers.psd'] },
  ],
  options: [],
  supports: () => true,

  async write({ product, scene }, { signal, progress }) {
    throwIfAborted(signal);
    if (product === 'psd') {
      progress(0.1, 'Writing the layers');
      // The library comes only when it is needed.
      const { psdOf } = await import('./psd-of.ts');
      throwIfAborted(signal);
      const bytes = psdOf(scene);
      const loop = new EventLoop();
      await loop.turn().finally(() => loop.dispose());
      throwIfAborted(signal);
      progress(1);
      return { suffix: '_layers.psd', blob: new Blob([bytes], { type: 'image/vnd.adobe.photoshop' }) };
    }
    const files: Record<string, Uint8Array> = {};
    const loop = new EventLoop();
    const { layers } = scene;
    let done = 0;
    const add = async (name: string, samples: Samples): Promise<void> => {
      const png = await writePng(samples, 'view', {
        async onRows(rows) {
          await loop.turn();
          throwIfAborted(signal);
          progress((done + rows / samples.height) / (2 * layers.length + 0.01));
        },
      });
      files[name] = new Uint8Array(await png.arrayBuffer());
      done++;
    };
    try {
      for (const [index, layer] of layers.entries()) {
        await add(`layer-${index}.png`, colours(layer));
        await add(`layer-${index}_depth.png`, depths(layer));
      }
    } finally {
      loop.dispose();
    }
    const manifest = {
      about:
        'Layers of a 3D photo, front first. Depth: linear in inverse distance, 65535 = near, 0 = far. 1/distance = depth/65535 × (1/near − 1/far) + 1/far.',
      width: scene.width,
      height: scene.height,
      lens: {
        ...scene.lens,
        about: 'focal length and centre in units of the longer side of width × height; near and far in units of the scene',
      },
      layers: layers.map(({ width, height, margin }, index) => ({
        picture: `layer-${index}.png`,
        depth: `layer-${index}_depth.png`,
        width,
        height,
        margin,
      })),
    };
    files['manifest.json'] = new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`);
    progress(1);
    return { suffix: '_layers.zip', blob: zipOf(files) };
  },
});

function colours({ width, height, rgba }: Layer): Samples {
  return { width, height, channels: 4, bits: 8, readRow: (y, row) => row.set(rgba.subarray(4 * y * width, 4 * (y + 1) * width)) };
}

/** What holds nothing is far. */
function depths({ width, height, rgba, disparity }: Layer): Samples {
  return {
    width,
    height,
    channels: 1,
    bits: 16,
    readRow(y, row) {
      for (let x = 0; x < width; x++) {
        const i = y * width + x;
        const d = disparity[i]!;
        const value = rgba[4 * i + 3]! > 0 && d > 0 ? Math.round(65535 * Math.min(d, 1)) : 0;
        row[2 * x] = value >> 8;
        row[2 * x + 1] = value & 255;
      }
    },
  };
}
