import { ProgressMeter, throwIfAborted } from '../core/index.ts';
import type { Output, OutputFile, OutputInput, PluginContext } from 'unflat/plugin';
import { decodeImage } from '../decode/index.ts';
import { howToSet, type SettingsPlace } from './how-to-set.ts';
import { NO_INFERENCE } from './inference-service.ts';
import type { SaveHooks } from './types.ts';

/** Runs an output with the services that every plugin gets; its options must be resolved already. */
export async function writeOutput(
  output: Output,
  input: OutputInput,
  hooks: SaveHooks,
  surface: SettingsPlace = 'app',
): Promise<OutputFile> {
  const signal = hooks.signal ?? new AbortController().signal;
  const meter = new ProgressMeter();
  const context: PluginContext = {
    signal,
    progress: (fraction, note) =>
      hooks.onProgress?.({ stage: 'encode', fraction, overall: meter.at('encode', fraction), ...(note !== undefined && { note }) }),
    warn: (message) => hooks.onWarning?.(message),
    note: (message) => hooks.onNote?.(message),
    howToSet: (option, value) => howToSet(surface, undefined, output, option, value),
    decodeImage: (source) => decodeImage(source, signal),
    infer: (request) => NO_INFERENCE.infer(request, signal),
    estimateDepth: () => Promise.resolve(undefined),
  };
  try {
    return await output.write(input, context);
  } finally {
    // Whatever a cancelled plugin gives or throws, the caller hears its own reason.
    throwIfAborted(signal);
  }
}
