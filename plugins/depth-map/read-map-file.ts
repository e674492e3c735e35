import { fileKind, runPasses, type DepthInput, type Passes, type PluginContext } from 'unflat/plugin';
import { colourReading } from './colour-reading.ts';
import { isExr } from './exr/is-exr.ts';
import { withoutNegativeMark } from './without-negative-mark.ts';
import { isNpy } from './npy-header.ts';
import { readNpy } from './read-npy.ts';
import { isNpz, readNpz } from './read-npz.ts';
import { isPfm, readPfm } from './read-pfm.ts';
import { readPicture } from './read-picture.ts';
import { isPnm, readPnm } from './read-pnm.ts';
import { badDepth, type RawDepth } from './raw-depth.ts';
import { isTiff } from './tiff/is-tiff.ts';

/**
 * Reads the map that a person brought, by what its bytes say, whatever it is called. A negative number that stands for "not measured" becomes
 * NaN, unless the values are to be used as they are (`exact`).
 * @throws UnflatError `bad-depth` that names the file, the reason and what to do.
 */
export async function readMapFile(input: DepthInput, context: PluginContext): Promise<RawDepth> {
  const map = await readFormat(input, context);
  if (input.options.exact === true) return map;
  return runPasses(
    onePass(() => withoutNegativeMark(map, (message) => context.note(message))),
    context.signal,
  );
}

/** What is short enough to be done in one go; a signal is looked at after it. */
function* onePass<T>(work: () => T): Passes<T> {
  yield;
  return work();
}

async function readFormat({ map, options }: DepthInput, context: PluginContext): Promise<RawDepth> {
  const { name, bytes } = map ?? { name: '', bytes: new Uint8Array() };
  if (bytes.length === 0) throw badDepth(name, 'the file is empty.', 'Copy or save it again.');
  const colours = colourReading(options.colours);
  const run = (work: Passes<RawDepth>): Promise<RawDepth> => runPasses(work, context.signal);
  const note = (message: string): void => context.note(message);
  if (isNpy(bytes)) return run(readNpy(bytes, name));
  if (isPfm(bytes)) return run(readPfm(bytes, name));
  if (isPnm(bytes)) return run(readPnm(bytes, name, colours, context));
  if (isNpz(bytes)) return run(readNpz(bytes, name, note));
  // Rarely brought, so loaded when they are. Raw camera files begin as TIFF does.
  if (isTiff(bytes) && fileKind(bytes, name).isMap) return run((await import('./tiff/index.ts')).readTiff(bytes, name, colours, context));
  if (isExr(bytes)) return run((await import('./exr/index.ts')).readExr(bytes, name, note));
  return readPicture(bytes, name, context, colours);
}
