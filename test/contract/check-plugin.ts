import assert from 'node:assert/strict';
import {
  API_VERSION,
  type Environment,
  type OptionCondition,
  type OptionSpec,
  type OptionValue,
  type OptionValues,
  type Plugin,
  type PluginManifest,
} from '../../src/plugin-api/index.ts';
import { parseRow } from '../../src/inference/parse-catalogue.ts';
import { checkDescription } from '../../src/plugin-host/check-description.ts';
import { checkDepthSource } from './check-depth-source.ts';
import { checkInpainter } from './check-inpainter.ts';
import { checkOutput } from './check-output.ts';
import { withoutNetwork, type Tester } from './run.ts';
import { PATIENCE_MS, withPatience, type Watch } from './with-patience.ts';

export interface CheckOptions {
  /** The id that the plugin must have, as its manifest or its folder says. Default: any. */
  id?: string;
  /** The plugin's manifest, with which its code has to agree, as when somebody installs it. Default: none, as for plugins of Unflat. */
  manifest?: PluginManifest;
  /** Milliseconds for which a method may work without a sign of life (progress, a frame) before it fails; above 0. Default 30000, as in the app. */
  patienceMs?: number;
}

/** What Node offers: no graphics, no video. */
const NODE: Environment = { webgpu: false, videoEncoder: false, threads: true };

/**
 * The contract of `unflat/plugin` as tests, for our plugins and those of others.
 * Looks at the definition; then, where the plugin says that it runs in Node, lets it work on small made-up input: shapes
 * and ranges of results, untouched input, progress, cancelling, no network. Outputs that draw get made-up frames. A method that hangs fails.
 * @param watch ends what never gives its thread back. Default: that is waited for.
 */
export async function checkPlugin(
  given: Plugin,
  t: Tester,
  { manifest, id = manifest?.id, patienceMs = PATIENCE_MS }: CheckOptions = {},
  watch?: Watch,
): Promise<void> {
  await t.test('definition', () => checkDefinition(given, id));
  if (manifest) await t.test('is what its manifest says', () => checkManifest(given, manifest));
  const plugin = withPatience(given, patienceMs, watch);
  await t.test('options', () => plugin.options.forEach((option) => checkOption(option, plugin.options)));
  await t.test('supports answers for every environment, without side effects', () => checkSupports(plugin));
  const answer = plugin.supports(NODE);
  if (answer !== true) {
    t.diagnostic(`${plugin.id} needs a browser: only its definition was looked at`);
    return;
  }
  await withoutNetwork(async () => {
    const options = defaultsOf(plugin);
    if (plugin.kind === 'depth') await checkDepthSource(plugin, t, options);
    else if (plugin.kind === 'inpaint') await checkInpainter(plugin, t, options);
    else await checkOutput(plugin, t, options);
  });
}

/** Every option at its default, as the host hands them over. */
export function defaultsOf(plugin: Plugin): OptionValues {
  return Object.fromEntries(plugin.options.map((option) => [option.id, option.default]));
}

/** As the host does before it installs one. */
function checkManifest(plugin: Plugin, manifest: PluginManifest): void {
  const fields = Object.entries(plugin);
  const data = Object.fromEntries(fields.filter(([, value]) => typeof value !== 'function'));
  const methods = fields.flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
  checkDescription({ data, methods, supported: true }, manifest, parseRow);
}

function checkDefinition(plugin: Plugin, wanted: string | undefined): void {
  assert.ok(
    plugin !== null && typeof plugin === 'object',
    'the default export must come from defineDepthSource, defineInpainter or defineOutput',
  );
  assert.equal(plugin.apiVersion, API_VERSION, 'apiVersion');
  assert.match(plugin.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/, 'id: lower-case words joined by hyphens');
  if (wanted !== undefined) assert.equal(plugin.id, wanted, 'id: as in the manifest, or the name of the folder');
  assert.ok(plugin.id.startsWith(`${plugin.kind}-`), `id: begins with the kind, ${plugin.kind}-`);
  checkLabel(plugin.label, 'label');
  assert.ok(Array.isArray(plugin.options), 'options must be a list, [] where there are none');
  assert.deepEqual(structuredClone(plugin.options), plugin.options, 'options must be plain data');
  assert.equal(new Set(plugin.options.map(({ id }: OptionSpec) => id)).size, plugin.options.length, 'option ids must differ');
  if (plugin.kind === 'depth') {
    assert.equal(typeof plugin.estimate, 'function', 'estimate');
    assert.ok(plugin.detect === undefined || typeof plugin.detect === 'function', 'detect');
    checkModels(plugin);
  } else if (plugin.kind === 'inpaint') {
    assert.equal(typeof plugin.inpaint, 'function', 'inpaint');
    assert.ok(plugin.inpaintAll === undefined || typeof plugin.inpaintAll === 'function', 'inpaintAll');
    assert.ok(
      plugin.contextPx === undefined || (Number.isInteger(plugin.contextPx) && plugin.contextPx > 0),
      'contextPx: a whole number of pixels above 0',
    );
    assert.notEqual(plugin.base, plugin.id, 'base: another inpainter');
    checkModels(plugin);
  } else {
    assert.equal(plugin.kind, 'output', 'kind');
    assert.equal(typeof plugin.write, 'function', 'write');
    assert.ok(plugin.products.length > 0, 'products');
    assert.ok(
      [undefined, 'video', 'picture', 'model', 'page', 'depth'].includes(plugin.group),
      'group: video, picture, model, page or depth',
    );
    assert.equal(new Set(plugin.products.map(({ id }) => id)).size, plugin.products.length, 'product ids must differ');
    for (const { id, label } of plugin.products) {
      assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)*$/, `product id "${id}"`);
      checkLabel(label, `label of product ${id}`);
    }
  }
}

function checkModels(plugin: Exclude<Plugin, { kind: 'output' }>): void {
  for (const row of plugin.models ?? []) {
    assert.equal(row.plugin, plugin.id, `models: ${row.id} must name this plugin`);
    assert.equal(row.kind, plugin.kind, `models: ${row.id} must be of the plugin's kind`);
    assert.deepEqual(structuredClone(row), row, `models: ${row.id} must be plain data`);
  }
  assert.ok(!plugin.models?.length || plugin.needsModel, 'a plugin with models must say needsModel: true');
}

function checkLabel(label: unknown, what: string): void {
  assert.ok(
    typeof label === 'string' && label.trim() === label && label.length > 0 && label.length <= 60,
    `${what}: 1 to 60 characters for people`,
  );
}

function checkOption(option: OptionSpec, all: readonly OptionSpec[]): void {
  const at = `options.${option.id}`;
  assert.match(option.id, /^[a-z][A-Za-z0-9]*$/, `${at}: id in camelCase`);
  checkLabel(option.label, `${at}.label`);
  if (option.group !== undefined) checkLabel(option.group, `${at}.group`);
  if (option.showIf) checkCondition(option, option.showIf, all);
  if (option.help !== undefined) assert.ok(typeof option.help === 'string' && option.help.length > 0, `${at}.help`);
  if (option.type === 'boolean') {
    assert.equal(typeof option.default, 'boolean', `${at}.default`);
  } else if (option.type === 'choice') {
    const values = option.choices.map(({ value }) => value);
    assert.ok(values.length >= 2 && new Set(values).size === values.length, `${at}.choices: two or more, all different`);
    assert.ok(values.includes(option.default), `${at}.default "${option.default}" must be one of its choices`);
    option.choices.forEach(({ value, label }) => checkLabel(label, `${at}, label of "${value}"`));
  } else if (option.type === 'text') {
    const { maxLength = 1000 } = option;
    assert.ok(Number.isInteger(maxLength) && maxLength > 0, `${at}.maxLength: a whole number above 0`);
    assert.ok(typeof option.default === 'string' && option.default.length <= maxLength, `${at}.default: at most ${maxLength} characters`);
  } else if (option.type === 'colour') {
    assert.match(option.default, /^#[\da-f]{6}$/i, `${at}.default: a colour as #rrggbb`);
  } else if (option.type === 'path') {
    assert.equal(option.default, '', `${at}.default: empty`);
  } else {
    assert.equal(option.type, 'number', `${at}.type`);
    const { min, max, step } = option;
    assert.ok(Number.isFinite(min) && Number.isFinite(max) && min < max, `${at}: min must be less than max`);
    assert.ok(option.default >= min && option.default <= max, `${at}.default ${option.default} must lie from ${min} to ${max}`);
    if (step !== undefined) {
      assert.ok(step > 0 && step <= max - min, `${at}.step`);
      const steps = (option.default - min) / step;
      assert.ok(Math.abs(steps - Math.round(steps)) < 1e-6, `${at}.default must be min plus a whole number of steps`);
    }
  }
}

/** A condition names another option that is always shown, and values that this can have: no control is hidden for good. */
function checkCondition({ id }: OptionSpec, { option, is }: OptionCondition, all: readonly OptionSpec[]): void {
  const at = `options.${id}.showIf`;
  const other = all.find((each) => each.id === option);
  assert.ok(other && option !== id, `${at}.option "${option}" must be the id of another option`);
  assert.equal(other.showIf, undefined, `${at}.option "${option}" must be shown always`);
  const values = Array.isArray(is) ? (is as readonly OptionValue[]) : [is as OptionValue];
  assert.ok(values.length > 0, `${at}.is: at least one value`);
  for (const value of values) {
    const isPossible =
      other.type === 'number'
        ? typeof value === 'number' && value >= other.min && value <= other.max
        : other.type === 'boolean'
          ? typeof value === 'boolean'
          : other.type === 'choice'
            ? other.choices.some((choice) => choice.value === value)
            : typeof value === 'string';
    assert.ok(isPossible, `${at}.is: ${JSON.stringify(value)} is no value of "${option}"`);
  }
}

function checkSupports(plugin: Plugin): void {
  for (let bits = 0; bits < 8; bits++) {
    const environment = Object.freeze({ webgpu: (bits & 1) > 0, videoEncoder: (bits & 2) > 0, threads: (bits & 4) > 0 });
    const answer = plugin.supports(environment);
    assert.ok(
      answer === true || (typeof answer === 'string' && answer.length > 10),
      'supports must answer true, or say for people why not',
    );
    assert.equal(plugin.supports(environment), answer, 'supports must answer the same again');
  }
}
