import { EventLoop, defineOutput, throwIfAborted } from 'unflat/plugin';
import { writePng } from '../shared/png/write-png.ts';

/** The depth map as a PNG of the photo's working size, white = near. */
export default defineOutput({
  id: 'output-depth',
  label: 'Depth map',
  group: 'depth',
  products: [{ id: 'depth', label: 'Depth map (PNG)', suffixes: ['_depth.png'] }],
  needs: 'depth',
  options: [
    {
      id: 'bits',
      label: 'Bits per sample',
      type: 'choice',
      default: '16',
      choices: [
        { value: '16', label: '16: all of the depth' },
        { value: '8', label: '8: for programs that read no more' },
      ],
    },
    {
      id: 'colour',
      label: 'Colour',
      type: 'choice',
      default: 'grey',
      choices: [
        { value: 'grey', label: 'Grey' },
        { value: 'rgb', label: 'RGB, for Facebook 3D photos' },
      ],
    },
  ],
  supports: () => true,

  async write({ scene, options }, { signal, progress }) {
    const { width, height, disparity } = scene.depth;
    const bits = options.bits === '8' ? 8 : 16;
    const channels = options.colour === 'rgb' ? 3 : 1;
    const full = bits === 16 ? 65535 : 255;
    const loop = new EventLoop();
    const blob = await writePng(
      {
        width,
        height,
        channels,
        bits,
        readRow(y, row) {
          let at = 0;
          for (let x = 0; x < width; x++) {
            const d = disparity[y * width + x]!;
            // Written so that NaN, too, becomes the farthest.
            const value = d > 0 ? Math.round(Math.min(d, 1) * full) : 0;
            for (let c = 0; c < channels; c++) {
              if (bits === 16) row[at++] = value >> 8;
              row[at++] = value & 255;
            }
          }
        },
      },
      'depth',
      {
        async onRows(done) {
          // Compression may answer without a turn of the event loop, which an abort needs to arrive.
          await loop.turn();
          throwIfAborted(signal);
          progress(done / height);
        },
      },
    ).finally(() => loop.dispose());
    return { suffix: '_depth.png', blob };
  },
});
