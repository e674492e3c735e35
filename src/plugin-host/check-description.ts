import { UnflatError, isPlainLabel } from '../core/index.ts';
import type { ModelRow, OptionCondition, OptionSpec, OptionValue, OutputGroup, PluginManifest, Product } from '../plugin-api/index.ts';
import { asRecord } from './as-record.ts';
import { checkModels } from './check-models.ts';
import { isSafeSuffix } from './is-safe-suffix.ts';
import { isSuffix } from './is-suffix.ts';
import { plainText } from './plain-text.ts';

/** What a plugin is, as data: its manifest, and what its own code says of it, checked. */
export interface PluginDescription {
  manifest: PluginManifest;
  options: readonly OptionSpec[];
  /** What an output writes; empty for other kinds. */
  products: readonly Product[];
  /** Rows of the models that it brings; their files are those of its manifest. */
  models: readonly ModelRow[];
  /** Whether an output asks for rendered frames. */
  needsFrames: boolean;
  /** Where people find an output's files. */
  group?: OutputGroup;
  /** Which of `detect`, `inpaintAll` and `quick` it has. */
  methods: readonly string[];
  /** How far from a hole an inpainter looks, in pixels. */
  contextPx?: number;
  /** True, or the reason, for people, why it cannot run on this device. */
  supported: true | string;
}

/** More would make a slider of which no step can be told from the next. */
const MOST_STEPS = 1e9;
/** Characters of a text that a control waits for. */
const MOST_CONDITION = 100;
const GROUPS: readonly OutputGroup[] = ['video', 'picture', 'model', 'page', 'depth'];

/**
 * Reads what a plugin says of itself once its code ran.
 * @param parseRow reads a model's row; absent where plugins bring no models.
 * @throws UnflatError `bad-plugin` that names the plugin, the field and what it must be.
 */
export function checkDescription(
  value: unknown,
  manifest: PluginManifest,
  parseRow?: (row: unknown, path: string) => ModelRow,
): PluginDescription {
  const wrong = (path: string, must: string): never => {
    throw new UnflatError(
      'bad-plugin',
      `The plugin “${manifest.label}” (${manifest.id}): ${path} must be ${must}. Ask its author for a corrected file.`,
    );
  };
  const { data, methods, supported } = asRecord(value);
  const fields = asRecord(data);
  const names = Array.isArray(methods) ? methods.filter((name): name is string => typeof name === 'string').slice(0, 50) : [];
  for (const name of ['id', 'kind', 'apiVersion'] as const)
    if (fields[name] !== manifest[name]) wrong(name, `${manifest[name]}, as in its manifest`);
  const method = { depth: 'estimate', inpaint: 'inpaint', output: 'write' }[manifest.kind];
  if (!names.includes(method)) wrong(method, 'a function');
  const needsFrames = manifest.kind === 'output' && fields['needsFrames'] === true;
  if (needsFrames && !manifest.sees.includes('scene')) wrong('needsFrames', 'absent, as its manifest does not say that it sees the scene');
  const list = (path: string, each: unknown, most: number): unknown[] =>
    Array.isArray(each) && each.length <= most ? each : wrong(path, `a list of at most ${most}`);
  const options = list('options', fields['options'], 40).map((each, i) => optionOf(`options[${i}]`, each, wrong));
  differ(
    options,
    ({ id }) => id,
    (i, id) => wrong(`options[${i}].id`, `another one than ${id}, as an option before it is called`),
  );
  for (const option of options) checkCondition(option, options, wrong);
  const products =
    manifest.kind === 'output' ? list('products', fields['products'], 20).map((each, i) => productOf(`products[${i}]`, each, wrong)) : [];
  if (manifest.kind === 'output' && products.length === 0) wrong('products', 'a list of at least one');
  differ(
    products,
    ({ id }) => id,
    (i, id) => wrong(`products[${i}].id`, `another one than ${id}, as a product before it is called`),
  );
  differ(
    products,
    ({ label }) => label,
    (i) => wrong(`products.${products[i]!.id}.label`, 'another one than that of a product before it'),
  );
  const models = checkModels(fields, manifest, list('models', fields['models'] ?? [], 8), wrong, parseRow);
  const group = GROUPS.find((each) => each === fields['group']);
  const { contextPx } = fields;
  if (contextPx !== undefined && !(typeof contextPx === 'number' && Number.isInteger(contextPx) && contextPx >= 1 && contextPx <= 512))
    wrong('contextPx', 'a whole number from 1 to 512');
  return {
    manifest,
    options,
    products,
    models,
    needsFrames,
    ...(manifest.kind === 'output' && group && { group }),
    methods: names.filter((name) => ['detect', 'inpaintAll', 'quick'].includes(name)),
    ...(contextPx !== undefined && { contextPx: Number(contextPx) }),
    supported: supported === true ? true : plainText(supported, 200) || 'it does not say why',
  };
}

type Wrong = (path: string, must: string) => never;

/** @param twice told the place of the first one whose key an earlier one has. */
function differ<T>(list: readonly T[], keyOf: (each: T) => string, twice: (place: number, key: string) => unknown): void {
  const keys = list.map(keyOf);
  const at = keys.findIndex((key, i) => keys.indexOf(key) < i);
  if (at >= 0) twice(at, keys[at]!);
}

function labelOf(path: string, value: unknown, most: number, wrong: Wrong): string {
  return isPlainLabel(value, most) ? value : wrong(path, `a text of 1 to ${most} characters on one line, each of which shows`);
}

function optionOf(place: string, value: unknown, wrong: Wrong): OptionSpec {
  const { id, label, help, group, showIf, type, default: usual, min, max, step, unit, place: where, choices, maxLength } = asRecord(value);
  if (typeof id !== 'string' || !/^[a-z][A-Za-z0-9]{0,39}$/.test(id)) return wrong(`${place}.id`, 'a word in camelCase');
  if (id in Object.prototype) return wrong(`${place}.id`, `another word than ${id}, which every object of JavaScript has`);
  const path = `options.${id}`;
  const words = {
    id,
    label: labelOf(`${path}.label`, label, 60, wrong),
    ...(help !== undefined && { help: labelOf(`${path}.help`, help, 300, wrong) }),
    ...(group !== undefined && { group: labelOf(`${path}.group`, group, 60, wrong) }),
    ...(showIf !== undefined && { showIf: conditionOf(`${path}.showIf`, showIf, wrong) }),
  };
  if (type === 'boolean')
    return typeof usual === 'boolean' ? { ...words, type, default: usual } : wrong(`${path}.default`, 'true or false');
  if (type === 'choice') {
    const all = (Array.isArray(choices) ? choices.slice(0, 51) : []).map((each, i) => {
      const choice = asRecord(each);
      return {
        value: labelOf(`${path}.choices[${i}].value`, choice['value'], 60, wrong),
        label: labelOf(`${path}.choices[${i}].label`, choice['label'], 60, wrong),
      };
    });
    if (all.length < 2 || all.length > 50) return wrong(`${path}.choices`, 'a list of 2 to 50');
    for (const field of ['value', 'label'] as const)
      differ(
        all,
        (each) => each[field],
        (i) => wrong(`${path}.choices[${i}].${field}`, 'another one than that of a choice before it'),
      );
    if (typeof usual !== 'string' || !all.some((each) => each.value === usual)) return wrong(`${path}.default`, 'one of its choices');
    return { ...words, type, default: usual, choices: all };
  }
  if (type === 'text') {
    const most = maxLength === undefined ? 1000 : maxLength;
    if (typeof most !== 'number' || !Number.isInteger(most) || most < 1 || most > 10_000)
      return wrong(`${path}.maxLength`, 'a whole number from 1 to 10000');
    return typeof usual === 'string' && usual.length <= most
      ? { ...words, type, default: usual, maxLength: most }
      : wrong(`${path}.default`, `a text of at most ${most} characters`);
  }
  if (type === 'colour')
    return typeof usual === 'string' && /^#[\da-f]{6}$/i.test(usual)
      ? { ...words, type, default: usual }
      : wrong(`${path}.default`, 'a colour as #rrggbb');
  if (type === 'path') return usual === '' ? { ...words, type, default: usual } : wrong(`${path}.default`, 'an empty text');
  if (type !== 'number') return wrong(`${path}.type`, 'number, boolean, choice, text, colour or path');
  const isNumber = (each: unknown): each is number => typeof each === 'number' && Number.isFinite(each);
  if (!isNumber(min) || !isNumber(max) || min >= max || !Number.isFinite(max - min)) return wrong(`${path}.min`, 'a number below its max');
  if (!isNumber(usual) || usual < min || usual > max) return wrong(`${path}.default`, `a number from ${min} to ${max}`);
  if (step !== undefined && !(isNumber(step) && step > 0 && step <= max - min && (max - min) / step <= MOST_STEPS))
    return wrong(`${path}.step`, `a number above 0, of which 1 to ${MOST_STEPS} go from its min to its max`);
  return {
    ...words,
    type,
    default: usual,
    min,
    max,
    ...(step !== undefined && { step }),
    ...(unit !== undefined && { unit: labelOf(`${path}.unit`, unit, 10, wrong) }),
    ...((where === 'x' || where === 'y' || where === 'size') && { place: where }),
  };
}

function conditionOf(path: string, value: unknown, wrong: Wrong): OptionCondition {
  const { option, is } = asRecord(value);
  const values: unknown[] = Array.isArray(is) ? is : [is];
  const isValue = (each: unknown): each is OptionValue => ['number', 'boolean', 'string'].includes(typeof each);
  if (typeof option !== 'string' || values.length < 1 || values.length > 50 || !values.every(isValue))
    return wrong(path, '{ option, is }, with 1 to 50 values');
  return { option, is: values };
}

/** A condition names another option that is always shown, and values that this can have: nothing is hidden for good. */
function checkCondition({ id, showIf }: OptionSpec, all: readonly OptionSpec[], wrong: Wrong): void {
  if (!showIf) return;
  const path = `options.${id}.showIf`;
  const other = all.find((each) => each.id === showIf.option && each.id !== id && each.showIf === undefined);
  if (!other) return wrong(`${path}.option`, 'the id of another option, which is always shown');
  const isPossible = (value: OptionValue): boolean => {
    if (other.type === 'number') return typeof value === 'number' && value >= other.min && value <= other.max;
    if (other.type === 'boolean') return typeof value === 'boolean';
    if (other.type === 'choice') return other.choices.some((choice) => choice.value === value);
    return typeof value === 'string' && value.length <= MOST_CONDITION;
  };
  if (![showIf.is].flat().every(isPossible)) wrong(`${path}.is`, `values that “${other.id}” can have`);
}

function productOf(path: string, value: unknown, wrong: Wrong): Product {
  const { id, label, suffixes } = asRecord(value);
  if (typeof id !== 'string' || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id) || id.length > 40)
    return wrong(`${path}.id`, 'lower-case words joined by hyphens');
  if (!Array.isArray(suffixes) || suffixes.length < 1 || suffixes.length > 10 || !suffixes.every(isSuffix))
    return wrong(`products.${id}.suffixes`, 'a list of 1 to 10 suffixes, as .obj');
  const unsafe = suffixes.find((suffix) => !isSafeSuffix(suffix));
  if (unsafe !== undefined)
    return wrong(`products.${id}.suffixes`, `without ${unsafe}: computers or browsers run such files, and plugins may not write them`);
  return { id, label: labelOf(`products.${id}.label`, label, 60, wrong), suffixes };
}
