import type { AutomationPlugin } from '../automation/index.ts';
import { readCameraPath } from '../plugin-api/index.ts';
import { UsageError } from './cli-error.ts';
import { didYouMean } from './nearest.ts';
import type { SetOption } from './parse-command-line.ts';

/** Of a text whose option does not say. */
const MOST_CHARACTERS = 1000;

type Values = Record<string, number | boolean | string>;

/** Values of plugins' options. */
export interface PluginValues {
  /** Of depth sources, together: those that the one at work does not have are left out. */
  depth: Values;
  /** Of inpainters, likewise. */
  inpaint: Values;
  /** Of outputs, by plugin. */
  output: Record<string, Values>;
}

/**
 * What `--set` says, as values.
 * @param cameraPath text of a camera path, for every output that takes one; default none. What `--set` says of one output comes first.
 * @throws UsageError naming what there is instead.
 */
export function setOptions(set: readonly SetOption[], plugins: readonly AutomationPlugin[], cameraPath?: string): PluginValues {
  const values: PluginValues = { depth: {}, inpaint: {}, output: {} };
  for (const { id, kind, options } of plugins)
    for (const { type, id: option } of options)
      if (cameraPath !== undefined && kind === 'output' && type === 'path') (values.output[id] ??= {})[option] = cameraPath;
  for (const { plugin, option, value } of set) {
    const found = plugins.find(({ id }) => id === plugin);
    const ids = plugins.map(({ id }) => id);
    if (!found) {
      const maker = plugins.find(({ products }) => products.includes(plugin));
      throw new UsageError(
        maker
          ? `--set ${plugin}.${option}: ${plugin} is an output of ${maker.id}, whose options are set under its name: --set ${maker.id}.${option}=${value}`
          : `--set ${plugin}.${option}: there is no plugin ${plugin}; there is ${ids.join(', ')}.${didYouMean(plugin, ids)}`,
      );
    }
    const spec = found.options.find(({ id }) => id === option);
    const names = found.options.map(({ id }) => id);
    if (!spec)
      throw new UsageError(
        `--set ${plugin}.${option}: ${plugin} has no option ${option}; it has ${names.join(', ') || 'none'}.${didYouMean(option, names)}`,
      );
    const target = found.kind === 'output' ? (values.output[plugin] ??= {}) : values[found.kind];
    target[option] = valueOf(spec, value, `--set ${plugin}.${option}`);
  }
  return values;
}

function valueOf(spec: AutomationPlugin['options'][number], text: string, path: string): number | boolean | string {
  if (spec.type === 'number') {
    const value = text.trim() === '' ? NaN : Number(text);
    if (value >= spec.min && value <= spec.max) return value;
    throw new UsageError(`${path} must be a number from ${spec.min} to ${spec.max}${spec.unit ? ` (${spec.unit})` : ''}, got ${text}.`);
  }
  if (spec.type === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new UsageError(`${path} must be true or false, got ${text}.`);
  }
  if (spec.type === 'text') {
    const most = spec.maxLength ?? MOST_CHARACTERS;
    if (text.length <= most) return text;
    throw new UsageError(`${path} must be a text of at most ${most} characters, got ${text.length}.`);
  }
  if (spec.type === 'path') {
    if (text !== '') checkedPath(text, path);
    return text;
  }
  if (spec.type === 'colour') {
    if (/^#[\da-f]{6}$/i.test(text)) return text;
    throw new UsageError(`${path} must be a colour as #rrggbb, got ${text}.`);
  }
  const choices = spec.choices.map(({ value }) => value);
  if (choices.includes(text)) return text;
  throw new UsageError(`${path} must be one of ${choices.join(', ')}, got ${text}.${didYouMean(text, choices)}`);
}

function checkedPath(text: string, name: string): void {
  try {
    readCameraPath(text, name);
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
