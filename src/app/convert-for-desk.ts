import type { ConvertHooks, ConvertInput, ConvertReport, ConvertResult, ConvertSettings, Converter } from '../pipeline/index.ts';
import { strings } from './strings.ts';
import type { DepthFrom, PhotoSettings, PhotoToOpen } from './desk-types.ts';

/** What a conversion needs to know of the desk. */
export interface DeskState {
  converter: Converter;
  baseSettings: Partial<ConvertSettings>;
  preferredModel: string | undefined;
  preferredInpainter: string | undefined;
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
 * Makes a photo 3D. What the photo's settings leave open the pipeline decides: a new photo's hidden parts are filled in by what the
 * person chose last, else without a model; a photo whose model was removed since it was made opens without it, with a warning.
 * @throws UnflatError; `hooks.signal.reason` when cancelled.
 */
export async function convertForDesk(
  { input, settings: wished, originals }: PhotoToOpen,
  { converter, baseSettings, preferredModel, preferredInpainter }: DeskState,
  { onEarly, ...hooks }: PhotoHooks,
): Promise<Converted> {
  const isGone = await isPluginGone(wished.from, converter);
  const { from: _gone, depthOptions: _its, ...rest } = wished;
  const settings: PhotoSettings = isGone ? rest : wished;
  const asked: Partial<ConvertSettings> = {
    ...baseSettings,
    ...ownSettings(settings),
    ...(preferredModel !== undefined && { preferredModel }),
    inpainter: settings.inpainter ?? preferredInpainter ?? 'without-model',
    ifInpainterMissing: settings.inpainter === undefined ? 'replace' : 'warn',
  };
  // A sample was made from its photo and its map.
  const known: PhotoSettings = originals ? { from: { kind: 'map' }, ...settings } : settings;
  const named = (result: ConvertResult): Converted => {
    const { report } = result;
    const told = isGone ? { ...result, report: { ...report, warnings: [...report.warnings, strings.plugins.isGone] } } : result;
    return { result: told, settings: settingsOf(known, report) };
  };
  const early = onEarly && ((result: ConvertResult) => onEarly(named(result)));
  const convert = (): Promise<ConvertResult> =>
    converter.convert(filesFor(input, settings.from), asked, { ...hooks, ...(early && { onEarly: early }) });
  if (!originals) return named(await convert());
  // A saved 3D photo knows its inpainter by its id only.
  const [result, inpainters] = await Promise.all([convert(), converter.listPlugins('inpaint')]);
  const { inpaint } = result.report;
  const label = inpainters.find(({ id }) => id === inpaint.plugin)?.label ?? inpaint.label;
  return named({ ...result, report: { ...result.report, inpaint: { ...inpaint, label } } });
}

/** The plugin that gave the photo its depth was removed or switched off since. */
async function isPluginGone(from: DepthFrom | undefined, converter: Converter): Promise<boolean> {
  if (from?.kind !== 'plugin') return false;
  return !(await converter.listPlugins('depth')).some(({ id }) => id === from.plugin);
}

/** A photo's settings with what was decided. */
function settingsOf(asked: PhotoSettings, { depthChoice, inpaintChoice }: ConvertReport): PhotoSettings {
  const { from, id } = depthChoice;
  const found: DepthFrom =
    from === 'model'
      ? { kind: 'model', model: id }
      : from === 'plugin'
        ? { kind: 'plugin', plugin: id }
        : { kind: from === 'map' ? 'map' : 'inside' };
  return {
    ...asked,
    from: asked.from ?? found,
    inpainter: inpaintChoice.id,
    // They were another one's.
    ...(inpaintChoice.why === 'replaced' && { inpaintOptions: {} }),
  };
}

/** A photo's own settings, as the converter takes them. */
export function ownSettings({ from, ...settings }: PhotoSettings): Partial<ConvertSettings> {
  const named = from?.kind === 'model' ? from.model : from?.kind === 'plugin' ? from.plugin : undefined;
  return { ...settings, depthSource: named ?? (from ? 'file' : 'auto') };
}

/** The map travels along only where the depth may come from it. */
export function filesFor(input: ConvertInput, from: DepthFrom | undefined): ConvertInput {
  return !from || from.kind === 'map' ? input : { photo: input.photo };
}
