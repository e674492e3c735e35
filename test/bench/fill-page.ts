/** The page of the inpainter's bench: the built app's own workers. */
import { Inference } from '../../src/inference/index.ts';
import { Converter, type ConvertReport } from '../../src/pipeline/index.ts';

const inference = new Inference({ createWorker: () => new Worker('/inference-worker.js', { type: 'module' }) });
const converter = new Converter({ createWorker: () => new Worker('/pipeline-worker.js', { type: 'module' }), inference });

const tasks: number[] = [];
new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });

const WIDTH = 960;
const HEIGHT = 720;

async function png(name: string, draw: (context: OffscreenCanvasRenderingContext2D) => void): Promise<File> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  draw(canvas.getContext('2d', { willReadFrequently: true })!);
  return new File([await canvas.convertToBlob({ type: 'image/png' })], name);
}

/** Things in front of a wall and a floor, in colour or as depth; the same seed gives the same things. */
function things(context: OffscreenCanvasRenderingContext2D, seed: number, fill: (near: number, i: number) => string): void {
  for (let y = 0; y < HEIGHT; y += 8) {
    context.fillStyle = fill(0.15 + (0.3 * y) / HEIGHT, y);
    context.fillRect(0, y, WIDTH, 8);
  }
  for (let i = 0; i < 14; i++) {
    const near = 0.35 + ((i * 37 + seed * 11) % 60) / 100;
    context.fillStyle = fill(near, 1000 + i);
    context.beginPath();
    context.ellipse(
      (i * 271 + seed * 97) % WIDTH,
      120 + ((i * 173 + seed * 31) % 560),
      40 + ((i * 29) % 70),
      60 + ((i * 43) % 90),
      i,
      0,
      7,
    );
    context.fill();
  }
}

/** 5 % noise in 16 grey levels. */
function roughen(context: OffscreenCanvasRenderingContext2D): void {
  const image = context.getImageData(0, 0, WIDTH, HEIGHT);
  let state = 7;
  const random = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  for (let i = 0; i < image.data.length; i += 4) {
    const noisy = image.data[i]! / 255 + 0.05 * (random() + random() + random() + random() - 2) * Math.sqrt(3);
    image.data.fill(Math.round(Math.min(1, Math.max(0, noisy)) * 15) * 17, i, i + 3);
  }
  context.putImageData(image, 0, 0);
}

const drawn: { photo: File; map: File }[] = [];

const page = {
  /** Keeps a file as the person's own model. @returns its id. */
  async add(url: string, name: string): Promise<string> {
    const blob = await (await fetch(url)).blob();
    const { row } = await inference.add([new File([blob], name)]);
    return row.id;
  },
  /** Draws a photo and its depth for `convert`: such drawing is no work of the product's. @returns its number. */
  async draw(seed: number, isRough: boolean): Promise<number> {
    const photo = await png(`photo-${seed}.png`, (context) =>
      things(context, seed, (near, i) => `hsl(${(seed * 37 + i * 47) % 360} 60% ${20 + near * 50}%)`),
    );
    const map = await png(`photo-${seed}_depth.png`, (context) => {
      things(
        context,
        seed,
        (near) =>
          `rgb(${Array(3)
            .fill(Math.round(near * 255))
            .join(' ')})`,
      );
      if (isRough) roughen(context);
    });
    return drawn.push({ photo, map }) - 1;
  },
  /** One drawn photo through the product, its hidden parts painted by that inpainter or model. */
  async convert(inpainter: string, number: number): Promise<ConvertReport> {
    const { report } = await converter.convert(drawn[number]!, { depthSource: 'depth-map', inpainter });
    return report;
  },
  /** The longest task on this thread since the last time that was asked, in milliseconds; 0 where all were under 50. */
  longestTaskMs: () => Math.max(0, ...tasks.splice(0)),
};
export type FillPage = typeof page;
declare global {
  var fillPage: FillPage;
}
globalThis.fillPage = page;
