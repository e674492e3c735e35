import { throwIfAborted } from '../core/index.ts';
import { pluginIds } from './load-plugin.ts';
import { modelsOfKind, needsModel } from './models-of-kind.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { resolveInpaint, type InpaintChoice, type InpaintFacts } from './resolve-inpaint.ts';
import type { ConvertSettings } from './types.ts';

/** Finds out what `resolveInpaint` asks for, and no more. */
export async function chooseInpaint(
  host: PipelineHost,
  { inpainter, ifInpainterMissing }: ConvertSettings,
  signal: AbortSignal,
): Promise<InpaintChoice> {
  // Named, an installed one does the work; on its own nobody chooses it.
  const ids = pluginIds(host.plugins, 'inpaint').filter((id) => id === inpainter || !host.installed?.has(id));
  const versioned = (choice: InpaintChoice): InpaintChoice => ({ ...choice, key: choice.key + (host.installed?.get(choice.plugin) ?? '') });
  const facts: InpaintFacts = {
    wanted: inpainter,
    ...(ifInpainterMissing && { ifMissing: ifInpainterMissing }),
    inpainters: await Promise.all(ids.map(async (id) => ({ id, needsModel: await needsModel(host, id) }))),
  };
  throwIfAborted(signal);
  const first = resolveInpaint(facts);
  if (!('ask' in first)) return versioned(first);
  const settled = resolveInpaint({ ...facts, models: await modelsOfKind(host, 'inpaint', inpainter) });
  throwIfAborted(signal);
  if ('ask' in settled) throw new TypeError('the models were looked up already');
  return versioned(settled);
}
