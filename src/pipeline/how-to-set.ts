import type { OptionSpec, OptionValues, Plugin } from 'unflat/plugin';

/** Where a person sets options: each place has its own way. */
export type SettingsPlace = 'app' | 'command-line' | 'element' | 'script';

/** Where settings hold the options of a stage's plugin. */
export type OptionsOf = 'depthOptions' | 'inpaintOptions';

/** Options that have a flag of their own on the command line. */
const FLAGS: readonly string[] = ['flip', 'polarity', 'colours', 'layout', 'turn', 'relief'];

/**
 * How a person sets an option of a plugin, as the end of a sentence: "choose “Swap near and far”", "use --flip", "use --set depth-mine.radius=5".
 * @param plugin whose option it is.
 * @param value what to set it to; absent: the person chooses.
 */
export function howToSet(
  surface: SettingsPlace,
  of: OptionsOf | undefined,
  plugin: Pick<Plugin, 'id' | 'options'>,
  id: string,
  value?: OptionValues[string],
): string {
  const spec = plugin.options.find((each) => each.id === id);
  switch (surface) {
    case 'command-line':
      if (!FLAGS.includes(id)) return `use --set ${plugin.id}.${id}=${value ?? '…'}`;
      return `use --${id}${value === undefined || typeof value === 'boolean' ? '' : ` ${value}`}`;
    case 'script':
    case 'element': {
      const literal = value === undefined ? choicesOf(spec) : typeof value === 'string' ? `'${value}'` : String(value);
      const options = `{ ${id}: ${literal} }`;
      return `set the ${surface === 'element' ? 'element’s property' : 'option'} settings to ${of ? `{ ${of}: ${options} }` : options}`;
    }
    case 'app': {
      const label = spec?.label ?? id;
      if (value === undefined) return `change “${label}”`;
      if (typeof value === 'boolean') return `${value ? 'choose' : 'turn off'} “${label}”`;
      const choice = spec?.type === 'choice' ? spec.choices.find((each) => each.value === value)?.label : undefined;
      return `set “${label}” to ${choice === undefined ? value : `“${choice}”`}`;
    }
  }
}

/** What a page's author writes where the value is theirs to choose: the first few choices but for the default. */
function choicesOf(spec: OptionSpec | undefined): string {
  if (spec?.type !== 'choice') return '…';
  const values = spec.choices.filter(({ value }) => value !== spec.default).map(({ value }) => `'${value}'`);
  return `${values.slice(0, 4).join(' or ')}${values.length > 4 ? ' or …' : ''}`;
}
