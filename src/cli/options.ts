import { readdirSync, existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ModelsCommand } from './models-command.ts';
import { nearest } from './nearest.ts';

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
  longerSide?: number;
  cameras?: string;
  /** Folder of models; undefined = the default one. */
  models?: string;
  json: boolean;
}

/** A command line that cannot be followed; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is written when nothing else is asked for. */
export const DEFAULT_OUTPUTS = ['depth', 'ply', 'zoom-in', 'dolly-zoom-in', 'circle', 'swing'];

export const HELP = `Turns photos into 3D photos, on this machine.

  unflat <photo …> [options]
  unflat install-browser          installs a Chromium for this program, where there is none
  unflat models list              networks for depth and hidden parts, and which of them are here
  unflat models fetch <id …>      fetches networks, once; goes on where it stopped
  unflat models add <file …>      takes an .onnx file of your own (and its data file): --label, --meaning depth | disparity | metric,
                                  --values 0..1 | 0..255 | -1..1 | imagenet say what the file does not;
                                  for one that paints: --mask fill | keep (what white means), --gives 0..1 | 0..255 | -1..1
  unflat models remove <id …>

  --depth <file | id>             own depth map (PNG, JPEG, WebP, NPY, PFM), a network or a depth source;
                                  default: the depth inside the photo, or NAME_depth.* named along with it,
                                  else the best network at hand, at least the basic one that is built in
  --inpaint <id>                  what paints the hidden parts: a plugin or a network; default: the best at hand
  --outputs <list>                of depth, ply, glb, zoom-in, dolly-zoom-in, circle, swing, …; 'none' for none;
                                  default: ${DEFAULT_OUTPUTS.join(',')}
  --out <dir>                     folder for NAME.ply, NAME_zoom-in.mp4, NAME_depth.png …; default: beside the photo
  --longer-side <px>              working resolution, 256 to 4096; default 960
  --cameras <cameras.json>        an exact lens, and cameras to render into --out/NAME_views/
  --models <dir>                  folder of networks; default: UNFLAT_MODELS, else a folder in your cache
  --json                          one JSON report on stdout
  --help, --version

A browser (Chromium, Chrome or Edge) does the work unseen; nothing leaves the machine.
`;

/**
 * @throws UsageError for what cannot be understood.
 * @returns 'help', 'version', 'install-browser', or what to do.
 */
export function parseCommandLine(argv: string[]): CliOptions | ModelsCommand | 'help' | 'version' | 'install-browser' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  if (positionals.length === 1 && positionals[0] === 'install-browser' && !existsSync('install-browser')) return 'install-browser';
  const verb = VERBS.find((each) => each === positionals[1]);
  if (positionals[0] === 'models' && (verb || positionals.length === 1)) return modelsCommand(verb ?? 'list', positionals.slice(2), values);
  for (const option of ['label', 'meaning', 'values', 'mask', 'gives'] as const) {
    if (values[option] !== undefined) throw new UsageError(`--${option} is for unflat models add. unflat --help lists the options.`);
  }
  const photos = positionals.flatMap(expand);
  if (photos.length === 0) throw new UsageError('No photo given: unflat photo.jpg --depth map.png --out out/  (unflat --help says more).');
  return {
    photos: [...new Set(photos)],
    json: values.json === true,
    ...(values.depth !== undefined && { depth: filled('--depth', values.depth) }),
    ...(values.inpaint !== undefined && { inpaint: filled('--inpaint', values.inpaint) }),
    ...(values.out !== undefined && { out: filled('--out', values.out) }),
    ...(values.cameras !== undefined && { cameras: filled('--cameras', values.cameras) }),
    ...(values.models !== undefined && { models: filled('--models', values.models) }),
    ...(values.outputs !== undefined && { outputs: outputList(values.outputs) }),
    ...(values['longer-side'] !== undefined && { longerSide: longerSide(values['longer-side']) }),
  };
}

const VERBS = ['list', 'fetch', 'add', 'remove'] as const;
const MEANINGS = ['disparity', 'depth', 'metric', 'points'] as const;
const VALUES = ['0..1', '0..255', '-1..1', 'imagenet'] as const;
const MASKS = ['fill', 'keep'] as const;
const GIVES = ['0..1', '0..255', '-1..1'] as const;

function modelsCommand(verb: ModelsCommand['verb'], names: string[], values: ReturnType<typeof parse>['values']): ModelsCommand {
  if (verb !== 'list' && names.length === 0) throw new UsageError(`unflat models ${verb} needs ${verb === 'add' ? 'the file of a network' : 'the id of a model; unflat models list shows them'}.`);
  if (verb === 'list' && names.length > 0) throw new UsageError(`unflat models list takes no names, got ${names.join(' ')}.`);
  const one = <T extends string>(option: string, value: string | undefined, choices: readonly T[]): T | undefined => {
    const found = choices.find((choice) => choice === value);
    if (value !== undefined && found === undefined) throw new UsageError(`--${option} must be one of ${choices.join(', ')}, got ${value}.`);
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
    answers: { ...(values.label !== undefined && { label: filled('--label', values.label) }), ...(meaning && { meaning }), ...(range && { values: range }), ...(mask && { mask }), ...(gives && { gives }) },
    json: values.json === true,
  };
}

function parse(argv: string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { depth: text, inpaint: text, outputs: text, out: text, 'longer-side': text, cameras: text, models: text, label: text, meaning: text, values: text, mask: text, gives: text, json: flag, help: { ...flag, short: 'h' }, version: flag } as const;
  try {
    return parseArgs({ args: argv, options, allowPositionals: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    // Node's own words go on about arguments that begin with a dash.
    const [, unknown] = /^Unknown option '(.+?)'/.exec(reason ?? '') ?? [];
    if (unknown !== undefined) {
      const meant = nearest(unknown.replace(/^-+/, ''), Object.keys(options));
      throw new UsageError(`There is no option ${unknown}${meant ? `; did you mean --${meant}?` : '.'} unflat --help lists the options.`, { cause });
    }
    throw new UsageError(`${reason}${reason?.endsWith('.') ? '' : '.'} unflat --help lists the options.`, { cause });
  }
}

function filled(option: string, value: string): string {
  if (value === '') throw new UsageError(`${option} is empty: give it a value or leave it out.`);
  return value;
}

function outputList(list: string): string[] {
  const ids = list.split(',').map((id) => id.trim()).filter((id) => id !== '');
  return [...new Set(ids)].filter((id) => id !== 'none');
}

function longerSide(value: string): number {
  const px = Number(value);
  if (!Number.isInteger(px) || px < 256 || px > 4096) throw new UsageError(`--longer-side must be a whole number of pixels from 256 to 4096, got ${value}.`);
  return px;
}

/** Shells without globs of their own hand us `*.jpg` as it stands. */
function expand(argument: string): string[] {
  if (!/[*?]/.test(basename(argument)) || existsSync(argument)) return [argument];
  const folder = dirname(argument);
  const pattern = basename(argument).replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => new RegExp(`^${pattern}$`, 'i').test(name)).sort() : [];
  if (names.length === 0) throw new UsageError(`${argument} matches no file.`);
  return names.map((name) => join(folder, name));
}
