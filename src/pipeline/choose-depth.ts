import { UnflatError, throwIfAborted } from '../core/index.ts';
import { loadPlugin, pluginIds } from './load-plugin.ts';
import { modelsOfKind } from './models-of-kind.ts';
import type { PipelineHost } from './pipeline-host.ts';
import { resolveDepth, type DepthChoice, type DepthFacts, type DepthSourceFacts, type Found } from './resolve-depth.ts';
import type { ConvertSettings } from './types.ts';

/**
 * Finds out what `resolveDepth` asks for, and no more: a photo with depth of its own never has the models looked up.
 * @param find what a source that needs no model finds for the photo.
 */
export async function chooseDepth(
  host: PipelineHost,
  { depthSource, preferredModel }: ConvertSettings,
  { photo, map }: { photo: { name: string }; map?: object },
  find: (source: string) => Promise<Found>,
  signal: AbortSignal,
): Promise<DepthChoice> {
  const found = new Map<string, Found>();
  let facts: DepthFacts = {
    wanted: depthSource,
    ...(preferredModel !== undefined && { preferred: preferredModel }),
    photo: photo.name,
    hasMap: map !== undefined,
    sources: await sourcesFor(host, depthSource),
    found,
  };
  for (;;) {
    throwIfAborted(signal);
    const next = resolveDepth(facts);
    if (!('ask' in next)) return { ...next, key: next.key + (host.installed?.get(next.source) ?? '') };
    if (next.ask === 'models') facts = { ...facts, models: await modelsOfKind(host, 'depth', depthSource) };
    else found.set(next.source, await find(next.source));
  }
}

/** The sources that may give the depth. */
function sourcesFor(host: PipelineHost, wanted: string): Promise<DepthSourceFacts[]> {
  const isOpen = wanted === 'auto' || wanted === 'file';
  const ids = isOpen
    ? pluginIds(host.plugins, 'depth').filter((id) => !host.installed?.has(id))
    : Object.hasOwn(host.plugins, wanted)
      ? [wanted]
      : [];
  return Promise.all(ids.map((id) => factsOf(host, id)));
}

async function factsOf(host: PipelineHost, id: string): Promise<DepthSourceFacts> {
  try {
    const { needsModel = false, readsDepthFiles = false } = await loadPlugin(host.plugins, 'depth', id);
    return { id, needsModel, readsDepthFiles };
  } catch (problem) {
    if (problem instanceof UnflatError) return { id, needsModel: false, readsDepthFiles: false, problem };
    throw problem;
  }
}
