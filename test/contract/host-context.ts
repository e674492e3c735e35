import { UnflatError, type Photo, type Raster, type SourceFile } from '../../src/core/index.ts';
import { readSamplePng } from './read-sample-png.ts';
import type { PluginContext } from '../../src/plugin-api/index.ts';

/** A host for plugins in tests, which writes down what it is told. */
export interface TestContext extends PluginContext {
  warnings: string[];
  notes: string[];
  fractions: number[];
}

/** What there is besides; a host without models has neither, and an image is what the suite made. */
export interface TestHost {
  /** Runs models. Whatever it gives, an aborted signal rejects, as with a real host. Default: there are none. */
  infer?: PluginContext['infer'] | undefined;
  /** The bundled model. Default: none is at hand. */
  estimateDepth?: PluginContext['estimateDepth'] | undefined;
  /** Default: the suite's own PNG files, all else is no image. */
  decode?(file: SourceFile): Raster;
}

export function hostContext(signal: AbortSignal = new AbortController().signal, host: TestHost = {}): TestContext {
  const { infer, estimateDepth, decode = readSamplePng } = host;
  const warnings: string[] = [];
  const notes: string[] = [];
  const fractions: number[] = [];
  return {
    warnings,
    notes,
    fractions,
    signal,
    progress: (fraction) => void fractions.push(fraction),
    warn: (message) => void warnings.push(message),
    note: (message) => void notes.push(message),
    howToSet: (option, value) => `set ${option}${value === undefined ? '' : ` to ${value}`}`,
    decodeImage: (file) =>
      Promise.resolve().then(() => {
        signal.throwIfAborted();
        return decode(file);
      }),
    async infer(request) {
      if (!infer) throw new UnflatError('no-model', `${request.model} is not on this device: download it first.`);
      signal.throwIfAborted();
      const result = await infer(request);
      signal.throwIfAborted();
      return result;
    },
    async estimateDepth(image, part) {
      signal.throwIfAborted();
      const depth = await estimateDepth?.(image, part);
      signal.throwIfAborted();
      return depth;
    },
  };
}

/** A decoded photo as the host gives it. */
export function photoOf(raster: Raster, name = 'photo.jpg'): Photo {
  return { ...raster, name, hash: '0'.repeat(64), originalWidth: raster.width, originalHeight: raster.height };
}
