import { toWire, type Camera, type WireError } from '../core/index.ts';
import { preparing, resultOf, type DrawnScene, type PreparedScene } from './prepare-scene.ts';
import { answerBands, type FromBands, type ToBands } from './answer-bands.ts';
import { SoftwareRenderer } from './software-renderer.ts';

/** What the page tells a worker that draws frames for files: a scene once, then one camera a picture. */
export type ToRaster =
  | { type: 'scene'; scene: DrawnScene }
  | {
      type: 'draw';
      id: number;
      camera: Camera;
      samples: number;
      /** A picture to show or encode, or its numbers. */
      as: 'bitmap' | 'pixels';
    };

/** What comes back, in the order of the cameras. */
export type FromRaster =
  { id: number; bitmap: ImageBitmap } | { id: number; rgba: Uint8ClampedArray<ArrayBuffer> } | { id: number; error: WireError };

/** The part of a worker's global scope that is used. */
export interface RasterScope {
  postMessage(message: FromRaster | FromBands, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToRaster | ToBands>) => void) | null;
}

/** Makes a worker one that draws: frames for files, or bands of what is looked at. @param scope default the worker's own. */
export function serveRaster(scope: RasterScope = globalThis as unknown as RasterScope): void {
  let renderer: SoftwareRenderer | undefined;
  let steps: Generator<void, PreparedScene> | undefined;
  let out: Uint8ClampedArray<ArrayBuffer> | undefined;
  const draw = async ({ id, camera, samples, as }: ToRaster & { type: 'draw' }): Promise<void> => {
    try {
      renderer ??= new SoftwareRenderer(resultOf(steps!));
      steps = undefined;
      if (as === 'pixels') {
        const { rgba } = renderer.draw(camera, { samples });
        return scope.postMessage({ id, rgba: rgba as Uint8ClampedArray<ArrayBuffer> }, [rgba.buffer as ArrayBuffer]);
      }
      if (out?.length !== camera.width * camera.height * 4) out = undefined;
      const picture = renderer.draw(camera, { samples, ...(out && { out }) });
      out = picture.rgba as Uint8ClampedArray<ArrayBuffer>;
      const bitmap = await createImageBitmap(new ImageData(out, camera.width, camera.height));
      scope.postMessage({ id, bitmap }, [bitmap]);
    } catch (error) {
      scope.postMessage({ id, error: toWire(error) }, []);
    }
  };
  // One after the other: a picture's buffer is the next one's.
  let last: Promise<void> = Promise.resolve();
  const answersBand = answerBands((message, transfer) => scope.postMessage(message, transfer));
  scope.onmessage = ({ data }) => {
    if (answersBand(data)) return;
    // What is drawn needs little of the scene; the rest is let go.
    if (data.type === 'scene') steps = preparing(data.scene);
    else if (data.type === 'draw') last = last.then(() => draw(data));
  };
}
