import { UnflatError, type InferRequest, type Raster, type Rect } from '../core/index.ts';
import type { PluginContext } from '../plugin-api/index.ts';
import { asRecord } from './as-record.ts';
import { plainText } from './plain-text.ts';
import type { SandboxService } from './sandbox-messages.ts';

const MOST_PX = 8192;

/**
 * Does for a plugin what the host does for all plugins. The request is a stranger's: it is taken apart and put together again.
 * @param models ids of the models that it may run.
 * @throws TypeError where the request is none; else what the service throws.
 */
export async function serveRequest(
  context: PluginContext,
  service: SandboxService,
  request: unknown,
  models: readonly string[],
): Promise<unknown> {
  const fields = asRecord(request);
  if (service === 'decodeImage') {
    const { name, bytes } = fields;
    if (!(bytes instanceof Uint8Array)) throw new TypeError('decodeImage takes { name, bytes }.');
    return context.decodeImage({ name: plainText(name, 200) || 'the file', bytes: bytes.slice() });
  }
  if (service === 'estimateDepth')
    return context.estimateDepth(rasterOf(fields['image']), fields['part'] === undefined ? undefined : rectOf(fields['part']));
  if (service === 'infer') return context.infer(inferRequestOf(fields, models));
  throw new TypeError('There is no such service.');
}

function inferRequestOf({ model, image, mask, mirrored, outputs }: Record<string, unknown>, models: readonly string[]): InferRequest {
  if (typeof model !== 'string' || !models.includes(model))
    throw new UnflatError('no-model', 'A plugin may run the models that it names, and no others.');
  const raster = rasterOf(image);
  if (mask !== undefined && (!(mask instanceof Uint8Array) || mask.length !== raster.width * raster.height))
    throw new TypeError('infer: mask must be a Uint8Array of width × height.');
  if (
    outputs !== undefined &&
    !(Array.isArray(outputs) && outputs.length <= 8 && outputs.every((name) => typeof name === 'string' && name.length <= 200))
  )
    throw new TypeError('infer: outputs must be a list of at most 8 names.');
  return {
    model,
    image: raster,
    ...(mask !== undefined && { mask: mask.slice() }),
    ...(mirrored === true && { mirrored }),
    ...(outputs !== undefined && { outputs: [...(outputs as string[])] }),
  };
}

function rasterOf(value: unknown): Raster {
  const { width, height, rgba } = asRecord(value);
  const isSide = (side: unknown): side is number => typeof side === 'number' && Number.isInteger(side) && side >= 1 && side <= MOST_PX;
  if (!isSide(width) || !isSide(height) || !(rgba instanceof Uint8ClampedArray) || rgba.length !== width * height * 4)
    throw new TypeError('image must be { width, height, rgba }.');
  return { width, height, rgba: rgba.slice() };
}

function rectOf(value: unknown): Rect {
  const { x, y, width, height } = asRecord(value);
  if (![x, y, width, height].every((each) => typeof each === 'number' && Number.isInteger(each) && each >= 0 && each <= MOST_PX))
    throw new TypeError('part must be { x, y, width, height } in whole pixels.');
  return { x, y, width, height } as Rect;
}
