import { UnflatError, type SourceFile } from '../core/index.ts';
import { Converter, type ConvertHooks, type ConvertInput, type ConvertResult, type ConvertSettings, type WorkerLike } from '../pipeline/index.ts';
import { fetchFile } from './fetch-file.ts';
import { Networks } from './networks.ts';
import { inTurn } from './turns.ts';

/** What an element asks for. */
export interface PhotoRequest {
  /** The photo, or its address. */
  photo: File | SourceFile | string;
  /** Its depth map, or its address; '' = none. */
  map: File | SourceFile | string;
  settings: Partial<ConvertSettings>;
  /** Address of the folder with the built-in network, for photos without depth; undefined = none. */
  network: string | undefined;
  createWorker: (() => WorkerLike) | undefined;
}

/**
 * Makes a photo 3D when its turn has come. The depth is that of its map or inside it; only where there is none, the built-in
 * network is loaded and asked.
 * @throws UnflatError; `hooks.signal.reason` when cancelled.
 */
export function convertPhoto({ photo, map, settings, network, createWorker }: PhotoRequest, hooks: ConvertHooks & { signal: AbortSignal }): Promise<ConvertResult> {
  const { signal } = hooks;
  return inTurn(signal, async () => {
    if (!createWorker) throw new UnflatError('unsupported', 'This page can show finished 3D photos only; load the unflat-photo bundle to convert photos.');
    const file = <T>(given: T | string, what: string): T | Promise<File> => (typeof given === 'string' ? fetchFile(given, what, signal) : given);
    const [photoFile, mapFile] = await Promise.all([file(photo, 'photo'), map === '' ? undefined : file(map, 'depth map')]);
    const input: ConvertInput = { photo: photoFile, ...(mapFile && { map: mapFile }) };
    const networks = network === undefined || mapFile ? undefined : Networks.in(network);
    const isNamed = (settings.depthSource ?? 'auto') !== 'auto';
    if (networks) networks.areWanted = isNamed;
    const converter = new Converter({ createWorker, ...(networks && { inference: networks }) });
    try {
      try {
        return await converter.convert(input, settings, hooks);
      } catch (error) {
        if (!networks || isNamed || !(error instanceof UnflatError) || error.code !== 'no-depth') throw error;
        await networks.check(photoFile.name, signal);
      }
      networks.areWanted = true;
      // The decoded photo is still at hand.
      return await converter.convert(input, settings, hooks);
    } finally {
      // The worker and its memory go; the scene is with the page.
      converter.dispose();
    }
  });
}
