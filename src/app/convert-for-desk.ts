import { UnflatError, lacksDepth } from '../core/index.ts';
import type { ConvertHooks, ConvertInput, ConvertResult, ConvertSettings, Converter } from '../pipeline/index.ts';
import type { DepthFrom, PhotoSettings, PhotoToOpen } from './desk-types.ts';
import type { Models } from './models.ts';
import { strings } from './strings.ts';

/** The inpainter that is always here, and needs no model. */
export const CLASSIC = 'inpaint-classic';

/** What a conversion needs to know of the desk. */
export interface DeskState {
  converter: Converter;
  models: Models;
  baseSettings: Partial<ConvertSettings>;
  preferredModel: string | undefined;
  preferredFiller: string | undefined;
  /** Tells the person what was done otherwise than asked. */
  tell(warning: string): void;
}

export interface Converted {
  result: ConvertResult;
  /** With all that was chosen named. */
  settings: PhotoSettings;
}

export interface PhotoHooks extends ConvertHooks {
  /** The photo before a model has inpainted its hidden parts. */
  onEarly?(early: Converted): void;
}

/**
 * Makes a photo 3D. What the photo or its map says comes before what a model guesses. Models are named here and not left
 * to `auto`, so that the same photo with the same models is kept under one key however it came to it.
 * @throws UnflatError; `hooks.signal.reason` when cancelled.
 */
export async function convertForDesk({ input, settings: wished }: PhotoToOpen, desk: DeskState, hooks: PhotoHooks): Promise<Converted> {
  const settings: PhotoSettings = { ...wished, inpainter: wished.inpainter ?? (await fillerFor(desk)) };
  hooks.signal?.throwIfAborted();
  if (settings.from) return painted(input, settings, desk, hooks);
  try {
    return await painted(input, { ...settings, from: { kind: input.map ? 'map' : 'inside' } }, desk, hooks);
  } catch (error) {
    if (input.map || !lacksDepth(error)) throw error;
    const info = await desk.models.forNewPhoto(desk.preferredModel);
    hooks.signal?.throwIfAborted();
    if (!info) throw error;
    const { notes, code, message } = error;
    const lost = code === 'bad-depth' ? [strings.depth.estimatedInstead(message, info.row.label)] : [];
    const saying = ({ result, settings: used }: Converted): Converted => {
      const { report } = result;
      return {
        result: { ...result, report: { ...report, warnings: [...lost, ...report.warnings], notes: [...notes, ...report.notes] } },
        settings: used,
      };
    };
    const { onEarly } = hooks;
    return saying(
      await painted(input, { ...settings, from: { kind: 'model', model: info.row.id } }, desk, {
        ...hooks,
        ...(onEarly && { onEarly: (early) => onEarly(saying(early)) }),
      }),
    );
  }
}

/** Converts; an inpainter that was removed since the photo was made is no reason not to open it. */
async function painted(
  input: ConvertInput,
  settings: PhotoSettings,
  { converter, models, baseSettings, tell }: DeskState,
  { onEarly, ...hooks }: PhotoHooks,
): Promise<Converted> {
  const files = filesFor(input, settings.from);
  const convert = async (all: PhotoSettings): Promise<Converted> => {
    const early = onEarly && ((result: ConvertResult) => onEarly({ result, settings: all }));
    return {
      result: await converter.convert(files, { ...baseSettings, ...ownSettings(all) }, { ...hooks, ...(early && { onEarly: early }) }),
      settings: all,
    };
  };
  try {
    return await convert(settings);
  } catch (error) {
    if (!(error instanceof UnflatError) || error.code !== 'no-model' || settings.inpainter === CLASSIC) throw error;
    await models.load();
    hooks.signal?.throwIfAborted();
    const filler = models.find(settings.inpainter);
    if (filler?.state === 'ready') throw error;
    const converted = await convert({ ...settings, inpainter: CLASSIC, inpaintOptions: {} });
    tell(strings.fill.modelGone(filler?.row.label ?? strings.fill.model));
    return converted;
  }
}

/** What inpaints a new photo's hidden parts: what the person chose last, where it is here. Only then the models are asked for. */
async function fillerFor({ models, preferredFiller: wanted }: DeskState): Promise<string> {
  if (wanted === undefined || wanted === CLASSIC) return CLASSIC;
  await models.load();
  return models.find(wanted)?.state === 'ready' ? wanted : CLASSIC;
}

/** A photo's own settings, as the converter takes them. */
export function ownSettings({ from, ...settings }: PhotoSettings): Partial<ConvertSettings> {
  return { ...settings, depthSource: from?.kind === 'model' ? from.model : 'depth-map' };
}

/** The map travels along only where the depth comes from it. */
export function filesFor(input: ConvertInput, from: DepthFrom | undefined): ConvertInput {
  return from?.kind === 'map' ? input : { photo: input.photo };
}
