import { MOST_PATH_CHARACTERS, type OptionSpec, type OptionValues } from 'unflat/plugin';

/** Of a text whose option does not say. */
const MOST_CHARACTERS = 1000;

/**
 * A plugin's options with defaults filled in.
 * @throws TypeError naming `options.<id>` for a value of the wrong type, out of range, or that no spec describes.
 */
export function resolveOptions(specs: readonly OptionSpec[], values: OptionValues = {}): OptionValues {
  const known = new Set(specs.map((spec) => spec.id));
  for (const id of Object.keys(values)) {
    if (known.has(id)) continue;
    const choices = specs.length ? `; there are ${[...known].join(', ')}` : '';
    throw new TypeError(`options.${id} is not an option of this plugin${choices}`);
  }
  return Object.fromEntries(specs.map((spec) => [spec.id, checked(spec, Object.hasOwn(values, spec.id) ? values[spec.id] : undefined)]));
}

function checked(spec: OptionSpec, value: number | boolean | string | undefined): number | boolean | string {
  if (value === undefined) return spec.default;
  const path = `options.${spec.id}`;
  if (spec.type === 'number') {
    if (typeof value === 'number' && value >= spec.min && value <= spec.max) return value;
    throw new TypeError(
      `${path} must be a number from ${spec.min} to ${spec.max}${spec.unit ? ` ${spec.unit}` : ''}, got ${String(value)}`,
    );
  }
  if (spec.type === 'boolean') {
    if (typeof value === 'boolean') return value;
    throw new TypeError(`${path} must be true or false, got ${String(value)}`);
  }
  if (spec.type === 'text') {
    const most = spec.maxLength ?? MOST_CHARACTERS;
    if (typeof value === 'string' && value.length <= most) return value;
    throw new TypeError(
      `${path} must be a text of at most ${most} characters, got ${typeof value === 'string' ? value.length : String(value)}`,
    );
  }
  if (spec.type === 'path') {
    // Whether it can be followed is looked at where it is: other moves go on without it.
    if (typeof value === 'string' && value.length <= MOST_PATH_CHARACTERS) return value;
    throw new TypeError(`${path} must be the text of a camera path, got ${typeof value === 'string' ? value.length : String(value)}`);
  }
  if (spec.type === 'colour') {
    if (typeof value === 'string' && /^#[\da-f]{6}$/i.test(value)) return value;
    throw new TypeError(`${path} must be a colour as #rrggbb, got ${String(value)}`);
  }
  if (spec.choices.some((choice) => choice.value === value)) return value;
  throw new TypeError(`${path} must be one of ${spec.choices.map((choice) => choice.value).join(', ')}, got ${String(value)}`);
}
