import { readdirSync, existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from './cli-error.ts';
import { inFolder } from './folder-contents.ts';
import type { AppCommand } from './app-command.ts';
import type { ModelsCommand } from './models-command.ts';
import { PLUGIN_KINDS } from './plugin-template.ts';
import type { PluginsCommand } from './plugins-command.ts';
import { NUMBER_SETTINGS, outOfRange, type NumberSettingId } from '../settings/index.ts';
import { didYouMean, nearest } from './nearest.ts';

/** One option of a plugin, as it was written: `--set plugin.option=value`. */
export interface SetOption {
  plugin: string;
  option: string;
  value: string;
}

/** What `unflat options …` asks for. */
export interface OptionsCommand {
  command: 'options';
  /** Ids of plugins or of their products; empty = all. */
  names: string[];
  /** Files and addresses of plugins for this run. */
  pluginFiles: string[];
  /** Whether those may reach the hosts that they name. */
  allowHosts: boolean;
  json: boolean;
}

/** What a command line asks for. */
export interface CliOptions {
  photos: string[];
  /** A depth map's file, or the id of a model or of a depth source. */
  depth?: string;
  inpaint?: string;
  /** Product ids in the order given; undefined = the default list. */
  outputs?: string[];
  /** Folder for the files; undefined = beside each photo. */
  out?: string;
  cameras?: string;
  /** File of a camera path, for outputs that take one. */
  path?: string;
  /** Settings that were given as numbers; the others keep their defaults. */
  settings: Partial<Record<NumberSettingId, number>>;
  /** Options of the depth source: flip, polarity, colours, layout, turn. */
  depthOptions: Record<string, boolean | string>;
  /** What `--set` says, in the order given. */
  set: SetOption[];
  /** Files and addresses of plugins for this run. */
  pluginFiles?: string[];
  /** Whether those may reach the hosts that they name. */
  allowHosts: boolean;
  /** How deep models are: 'full' = distances as estimated; undefined = 'compact', or 'full' with an exact lens. */
  relief?: 'compact' | 'full';
  /** Whether files that an earlier run did not write may be replaced. */
  overwrite: boolean;
  /** Whether files that are there already are left as they are, and not made again. */
  skipExisting: boolean;
  /** Photos that are converted at once, 1..8. */
  jobs: number;
  /** Folder of models; undefined = the default one. */
  models?: string;
  json: boolean;
  /** Whether progress and notes are not printed. */
  quiet: boolean;
}

/** For the help text. */
function rangeOf(id: NumberSettingId): string {
  const { min, max, default: usual } = NUMBER_SETTINGS[id];
  return `${min} to ${max}, default ${usual}`;
}

/** What is written when nothing else is asked for. */
export const DEFAULT_OUTPUTS = ['depth', 'ply', 'zoom-in', 'dolly-zoom-in', 'circle', 'swing'];

export const HELP = `Turns photos into 3D photos, on this machine.

  unflat <photo …> [options]      photos, or folders of photos; - reads one photo from stdin; ./-x.jpg is a file -x.jpg
  unflat install-browser          installs a Chromium for this program, where there is none
  unflat models list              models for depth and hidden parts, and which of them are downloaded
  unflat models fetch <id …>      downloads models, once; resumes where it stopped
  unflat models add <file …>      adds an .onnx file of your own (and its data file). If the file does not say how it is used, say it:
                                  --label, --meaning depth | disparity | metric, --values 0..1 | 0..255 | -1..1 | imagenet;
                                  for a model that inpaints: --mask fill | keep (what white means), --gives 0..1 | 0..255 | -1..1
  unflat models remove <id …>
  unflat plugins add <file | address>
                                  installs a plugin after showing what it may see; it runs in a sandbox without network. One that
                                  asks hosts needs --allow-hosts as well
  unflat plugins list
  unflat plugins remove <id …>
  unflat plugins new <name> --kind <depth|inpaint|output>
                                  makes a folder with a plugin of your own that works, and its tests
  unflat plugins dev [folder]     serves the app on localhost with the plugin that you write there, and loads it again at every change
  unflat app <folder>             writes the app's files into a folder, for a web server of your own
  unflat options [id …]           every option of every plugin, or of those that are named, for --set

For example:
  unflat photo.jpg --outputs depth,photo3d --out out/
  unflat holidays/ --outputs circle --longer-side 640 --json > report.json
  unflat - --outputs depth --out - < photo.jpg > depth.png

  --depth <file | id>             your depth map (PNG, JPEG, WebP, HEIC, TIFF, EXR, NPY, NPZ, PFM, PGM), a model or
                                  a depth source;
                                  default: the depth inside the photo, or a map named like the photo (x_depth.png, x-depth.png,
                                  depth_x.png, x.npy) given along with it, else the best model here: a small one is built in
  --inpaint <id>                  what fills in the background: a plugin or a model; default: the best here
  --outputs <list>                of depth, ply, photo3d, html, zoom-in, dolly-zoom-in, circle, swing, gif, …: unflat options lists all;
                                  'none' for none; default: ${DEFAULT_OUTPUTS.join(',')}.
                                  depth alone is fast; ply, photo3d and html need the background as well;
                                  videos take longest: seconds each, without a graphics card up to a minute
  --out <dir>                     folder for NAME.ply, NAME_zoom-in.mp4, NAME_depth.png …; default: beside the photo;
                                  it is made where it is missing; - writes the only file to stdout
  --longer-side <px>              ${rangeOf('longerSidePx')}: longer side at which the photo is converted
  --detail <px>                   ${rangeOf('detailPx')}: longer side of the photo in the result; it may be larger than
                                  --longer-side; 0: the same
  --cameras <cameras.json>        an exact lens, and cameras to render into the folder NAME_views in the --out folder
  --path <move.json>              a camera path of your own (the app records one), for --outputs path and other moves
  --flip                          swap near and far in the depth map
  --polarity <near-white|near-black>
                                  what light means in the depth map; default: detected, with a note where it is a guess
  --colours <brightness|PALETTE>  how to read a depth map in false colours (unflat options lists the palettes);
                                  default: detected
  --layout <left|right|top|bottom|none>
                                  where in an image of photo and depth the depth lies; default: detected
  --turn <none|90|180|270|mirror|mirror-90|mirror-180|mirror-270>
                                  how to turn the depth map to fit the photo; none: do not turn it; default: detected
  --smoothing <number>            ${rangeOf('smoothing')}: how strongly a rough, stepped or blurred depth map is smoothed: 0 not at all,
                                  1 suits most, 2 also smooths what looks clean
  --depth-strength <number>       ${rangeOf('depthStrength')}: how deep the 3D photo is
  --emphasis <number>             ${rangeOf('emphasis')}: more of the depth for the foreground, or (--emphasis=-0.5) for the background
  --relief <compact|full>         depth range of PLY and GLB: compact makes the far part and the sky a backdrop, full keeps distances
                                  as estimated; default: compact (full with --cameras)
  --set <plugin.option=value>     any option of any plugin, as often as needed; unflat options lists them with their values
  --plugin <file | address>       a plugin of somebody else for this run alone, in a sandbox; as often as needed. Name it with --depth, --inpaint
                                  or --outputs
  --allow-hosts                   lets the plugin of --plugin or plugins add reach the hosts that it names; it can send what it sees there
  --overwrite                     replace any file in the way but your input; without it, only files that Unflat wrote
  --skip-existing                 leaves files that are there already, so that a run that was stopped goes on where it was; files whose
                                  names depend on options (loops, videos for both eyes) are made again
  --jobs <1 to 8>                 photos that are converted at once, each in a browser of its own; default 1: one photo uses several cores
                                  already
  --models <dir>                  folder of models; default: UNFLAT_MODELS, else a folder in your cache
  --json                          one JSON report on stdout, also when the run fails or is stopped
  --quiet                         no progress and no notes on stderr; warnings and errors stay
  --help, --version

Exit status: 0 every photo gave every file; 1 something failed, the other photos were converted; 2 the command line is wrong, nothing
was done; 130, 143 and 129 stopped by Ctrl-C, SIGTERM or SIGHUP.
A headless browser (Chromium, Chrome or Edge) does the work; set CHROME_PATH to use a particular one. Your photos stay on this machine, unless you use
a plugin with --allow-hosts.
`;

/** Whether a flag stands on the command line, also on one that cannot be understood; behind `--` are names of files. */
export function hasFlag(argv: readonly string[], flag: `--${string}`): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes(flag);
}

/**
 * @throws UsageError for what cannot be understood.
 * @returns 'help', 'version', 'install-browser', or what to do.
 */
export function parseCommandLine(
  argv: string[],
): CliOptions | ModelsCommand | PluginsCommand | OptionsCommand | AppCommand | 'help' | 'version' | 'install-browser' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [command = ''] = positionals;
  if (positionals.length === 1 && command === 'help' && !existsSync(command)) return 'help';
  if (positionals.length === 1 && command === 'install-browser' && !existsSync(command)) return 'install-browser';
  if (command === 'app' && !existsSync(command)) return appCommand(positionals.slice(1), values.overwrite === true);
  if (command === 'options' && !existsSync(command))
    return {
      command,
      names: positionals.slice(1),
      pluginFiles: values.plugin ?? [],
      allowHosts: values['allow-hosts'] === true,
      json: values.json === true,
    };
  const isPlugins = positionals[0] === 'plugins' && (positionals.length > 1 || !existsSync('plugins'));
  if (isPlugins && (PLUGIN_VERBS.some((each) => each === positionals[1]) || !positionals.slice(1).some((name) => existsSync(name))))
    return pluginsCommand(positionals.slice(1), values);
  if (values.kind !== undefined) throw new UsageError('--kind is for unflat plugins new. unflat --help lists the options.');
  const verb = VERBS.find((each) => each === positionals[1]);
  if (positionals[0] === 'models' && (verb || positionals.length === 1)) return modelsCommand(verb ?? 'list', positionals.slice(2), values);
  if (positionals[0] === 'models' && !positionals.slice(1).some((name) => existsSync(name))) {
    throw new UsageError(
      `There is no unflat models ${positionals[1]}; there is ${VERBS.join(', ')}.${didYouMean(positionals[1] ?? '', VERBS)}`,
    );
  }
  if (VERBS.some((each) => each === command) && !existsSync(command))
    throw new UsageError(`There is no photo ${command}. Did you mean unflat models ${command}?`);
  for (const option of ['label', 'meaning', 'values', 'mask', 'gives'] as const) {
    if (values[option] !== undefined) throw new UsageError(`--${option} is for unflat models add. unflat --help lists the options.`);
  }
  if (positionals.includes(''))
    throw new UsageError('One of the photos has an empty name; if it comes from a variable, the variable is empty.');
  const photos = positionals.flatMap(expand);
  if (photos.length === 0) throw new UsageError('No photo given: unflat photo.jpg --depth map.png --out out/  (unflat --help says more).');
  return {
    photos: [...new Set(photos)],
    json: values.json === true,
    quiet: values.quiet === true,
    overwrite: values.overwrite === true,
    allowHosts: values['allow-hosts'] === true,
    skipExisting: values['skip-existing'] === true,
    jobs: jobs(values.jobs),
    depthOptions: depthOptions(values),
    settings: numbers(values),
    set: (values.set ?? []).map(setOption),
    ...(values.plugin !== undefined && { pluginFiles: values.plugin.map((from) => filled('--plugin', from)) }),
    ...(values.relief !== undefined && { relief: choice('relief', values.relief) }),
    ...(values.depth !== undefined && { depth: filled('--depth', values.depth) }),
    ...(values.inpaint !== undefined && { inpaint: filled('--inpaint', values.inpaint) }),
    ...(values.out !== undefined && { out: filled('--out', values.out) }),
    ...(values.cameras !== undefined && { cameras: filled('--cameras', values.cameras) }),
    ...(values.path !== undefined && { path: filled('--path', values.path) }),
    ...(values.models !== undefined && { models: filled('--models', values.models) }),
    ...(values.outputs !== undefined && { outputs: outputList(values.outputs) }),
  };
}

/** @throws UsageError for what is no number of photos. */
function jobs(text = '1'): number {
  if (!/^[1-8]$/.test(text)) throw new UsageError(`--jobs must be a whole number from 1 to 8, got ${text}.`);
  return Number(text);
}

/** @throws UsageError for what cannot be understood. */
function appCommand(names: string[], overwrite: boolean): AppCommand {
  const [appFolder = ''] = names;
  if (names.length !== 1 || appFolder === '') throw new UsageError('unflat app takes one folder, as unflat app public/unflat.');
  return { appFolder, overwrite };
}

/** @throws UsageError for what cannot be understood. */
function pluginsCommand([verb = 'list', ...names]: string[], values: ReturnType<typeof parse>['values']): PluginsCommand {
  const { kind: given } = values;
  const json = values.json === true;
  if (verb !== 'new' && given !== undefined) throw new UsageError('--kind is for unflat plugins new. unflat --help lists the options.');
  if (verb === 'list') {
    if (names.length > 0) throw new UsageError(`unflat plugins list takes no names, got ${names.join(' ')}.`);
    return { plugins: verb, json };
  }
  if (verb === 'remove') {
    if (names.length === 0) throw new UsageError('unflat plugins remove needs the id of a plugin; unflat plugins list shows them.');
    return { plugins: verb, ids: [...new Set(names)], json };
  }
  if (verb === 'dev') {
    const [folder = '.'] = names;
    if (names.length > 1 || folder === '') throw new UsageError('unflat plugins dev takes one folder; none means the one that you are in.');
    return { plugins: verb, folder, json };
  }
  if (verb === 'add') {
    const [from = ''] = names;
    if (names.length !== 1 || from === '') throw new UsageError('unflat plugins add takes one plugin’s file, or its address.');
    return { plugins: verb, from, allowHosts: values['allow-hosts'] === true, json };
  }
  if (verb !== 'new')
    throw new UsageError(`There is no unflat plugins ${verb}; there is ${PLUGIN_VERBS.join(', ')}.${didYouMean(verb, PLUGIN_VERBS)}`);
  const [name = ''] = names;
  if (names.length !== 1) throw new UsageError('unflat plugins new takes one name, as depth-mine.');
  const kind = PLUGIN_KINDS.find((each) => each === (given ?? name.split('-')[0]));
  if (!kind) throw new UsageError(`--kind must be one of ${PLUGIN_KINDS.join(', ')}${given === undefined ? '' : `, got ${given}`}.`);
  const id = name.startsWith(`${kind}-`) ? name : `${kind}-${name}`;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))
    throw new UsageError(`${name} must be lower-case words joined by hyphens, as ${kind}-mine.`);
  return { plugins: verb, id, kind, json };
}

const PLUGIN_VERBS = ['list', 'add', 'remove', 'new', 'dev'] as const;
const VERBS = ['list', 'fetch', 'add', 'remove'] as const;
const MEANINGS = ['disparity', 'depth', 'metric', 'points'] as const;
const VALUES = ['0..1', '0..255', '-1..1', 'imagenet'] as const;
const MASKS = ['fill', 'keep'] as const;
const GIVES = ['0..1', '0..255', '-1..1'] as const;

function modelsCommand(verb: ModelsCommand['verb'], names: string[], values: ReturnType<typeof parse>['values']): ModelsCommand {
  if (verb !== 'list' && names.length === 0)
    throw new UsageError(
      `unflat models ${verb} needs ${verb === 'add' ? 'the file of a model' : 'the id of a model; unflat models list shows them'}.`,
    );
  if (verb === 'list' && names.length > 0) throw new UsageError(`unflat models list takes no names, got ${names.join(' ')}.`);
  const one = <T extends string>(option: string, value: string | undefined, choices: readonly T[]): T | undefined => {
    const found = choices.find((choice) => choice === value);
    if (value !== undefined && found === undefined)
      throw new UsageError(`--${option} must be one of ${choices.join(', ')}, got ${value}.${didYouMean(value, choices)}`);
    return found;
  };
  const meaning = one('meaning', values.meaning, MEANINGS);
  const range = one('values', values.values, VALUES);
  const mask = one('mask', values.mask, MASKS);
  const gives = one('gives', values.gives, GIVES);
  return {
    verb,
    names: [...new Set(names)],
    ...(values.models !== undefined && { models: filled('--models', values.models) }),
    answers: {
      ...(values.label !== undefined && { label: filled('--label', values.label) }),
      ...(meaning && { meaning }),
      ...(range && { values: range }),
      ...(mask && { mask }),
      ...(gives && { gives }),
    },
    json: values.json === true,
  };
}

function parse(argv: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const numberFlags = Object.fromEntries(Object.values(NUMBER_SETTINGS).map((setting) => [setting.flag, text]));
  const options = {
    depth: text,
    inpaint: text,
    outputs: text,
    out: text,
    ...numberFlags,
    cameras: text,
    path: text,
    models: text,
    jobs: text,
    label: text,
    meaning: text,
    values: text,
    mask: text,
    gives: text,
    kind: text,
    polarity: text,
    colours: text,
    layout: text,
    turn: text,
    relief: text,
    set: { ...text, multiple: true },
    plugin: { ...text, multiple: true },
    flip: flag,
    'allow-hosts': flag,
    overwrite: flag,
    'skip-existing': flag,
    json: flag,
    quiet: flag,
    help: { ...flag, short: 'h' },
    version: flag,
  } as const;
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (cause) {
    const dashed = dashedFile(argv);
    if (dashed !== undefined)
      throw new UsageError(`${dashed} is read as an option, as it begins with a dash; write ./${dashed} for the file.`, { cause });
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    // Node's own words go on about arguments that begin with a dash.
    const [, unknown] = /^Unknown option '(.+?)'/.exec(reason ?? '') ?? [];
    if (unknown !== undefined) {
      const meant = nearest(unknown.replace(/^-+/, ''), Object.keys(options));
      throw new UsageError(`There is no option ${unknown}${meant ? `; did you mean --${meant}?` : '.'} unflat --help lists the options.`, {
        cause,
      });
    }
    const [, option = '', value] = /^Option '(?:-\w, )?(--[\w-]+)( <value>)?'/.exec(reason ?? '') ?? [];
    const next = argv[argv.indexOf(option) + 1];
    if (/ambiguous/.test(reason ?? ''))
      throw new UsageError(
        `${option} needs a value, and ${next} looks like an option: write ${option}=${next} if it is meant, or the value between the two.`,
        { cause },
      );
    if (value !== undefined) throw new UsageError(`${option} needs a value after it. unflat --help lists the options.`, { cause });
    if (option !== '') throw new UsageError(`${option} takes no value. unflat --help lists the options.`, { cause });
    throw new UsageError(`${reason}${reason?.endsWith('.') ? '' : '.'} unflat --help lists the options.`, { cause });
  }
}

/** What stands as an option and is the name of a file, by what is there or by its extension. */
function dashedFile(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  return argv
    .slice(0, end < 0 ? argv.length : end)
    .find((word) => /^-[^=]{2,}$/.test(word) && (/\.[a-z]\w{1,4}$/i.test(word) || (!word.startsWith('--') && existsSync(word))));
}

/** @throws UsageError for what is not `plugin.option=value`. */
function setOption(text: string): SetOption {
  const [, plugin, option, value] = /^([a-z0-9-]+)\.([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? [];
  if (plugin === undefined || option === undefined || value === undefined)
    throw new UsageError(`--set ${text} is not understood: write --set plugin.option=value; unflat options lists them.`);
  return { plugin, option, value };
}

const CHOICES = {
  polarity: ['near-white', 'near-black'],
  layout: ['left', 'right', 'top', 'bottom', 'none'],
  relief: ['compact', 'full'],
  turn: ['none', '90', '180', '270', 'mirror', 'mirror-90', 'mirror-180', 'mirror-270'],
} as const;

function depthOptions(values: ReturnType<typeof parse>['values']): Record<string, boolean | string> {
  const wished: Record<string, boolean | string> = values.flip === true ? { flip: true } : {};
  for (const option of ['polarity', 'layout', 'turn'] as const) {
    const value = values[option];
    if (value === undefined) continue;
    wished[option] = choice(option, value);
  }
  // Which palettes there are the app knows: see `checkIds`.
  if (values.colours !== undefined) wished.colours = filled('--colours', values.colours);
  return wished;
}

function choice<K extends keyof typeof CHOICES>(option: K, value: string): (typeof CHOICES)[K][number] {
  const choices: readonly string[] = CHOICES[option];
  if (!choices.includes(value))
    throw new UsageError(`--${option} must be one of ${choices.join(', ')}, got ${value}.${didYouMean(value, choices)}`);
  return value as (typeof CHOICES)[K][number];
}

/** The settings that were given as numbers. */
function numbers(values: Readonly<Record<string, string | boolean | string[] | undefined>>): Partial<Record<NumberSettingId, number>> {
  const given = Object.values(NUMBER_SETTINGS).flatMap((setting) => {
    const value = values[setting.flag];
    if (typeof value !== 'string') return [];
    const asked = outOfRange(setting, value.trim() === '' ? undefined : Number(value));
    if (asked) throw new UsageError(`--${setting.flag} must be ${asked}, got ${value}.`);
    return [[setting.id, Number(value)] as const];
  });
  return Object.fromEntries(given);
}

function filled(option: string, value: string): string {
  if (value === '') throw new UsageError(`${option} is empty: give it a value or leave it out.`);
  return value;
}

function outputList(list: string): string[] {
  const ids = list
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .map((id) => (id === 'glb' ? 'photo3d' : id)); // its name before version 0.2
  if (ids.length === 0)
    throw new UsageError('--outputs is empty; if it comes from a variable, the variable is empty. --outputs none writes no file.');
  return [...new Set(ids)].filter((id) => id !== 'none');
}

/** Shells without globs of their own hand us `*.jpg` as it stands. */
function expand(argument: string): string[] {
  if (!/[*?]/.test(basename(argument)) || existsSync(argument)) return [argument];
  const folder = dirname(argument);
  const pattern = basename(argument)
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const names = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => new RegExp(`^${pattern}$`, 'i').test(name))
        .sort()
    : [];
  if (names.length === 0) throw new UsageError(`${argument} matches no file.`);
  return names.map((name) => inFolder(folder, name));
}
