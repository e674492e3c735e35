import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Writable } from 'node:stream';
import { photoStemOfMap } from '../core/index.ts';
import type { ConvertSettings } from '../pipeline/index.ts';
import type { BrowserPage } from './browser-page.ts';
import type { CameraFile } from './read-camera-file.ts';
import { CliError, type CliErrorCode } from './cli-error.ts';
import type { FileExchange, WrittenFile } from './file-exchange.ts';
import type { CliOptions } from './parse-command-line.ts';
import { isSameFile, type PhotoPlan } from './plan-photos.ts';
import { failedReport, reportOf, type PhotoReport } from './run-report.ts';
import type { PluginValues } from './set-options.ts';
import { targetsOf, whyNoTargets, type Guard } from './targets-of.ts';
import type { PhotoLine, Terminal } from './terminal.ts';

/** With an exact lens every pixel of the photo counts, up to what the pipeline takes. */
const COVER_PX = 4096;

/** One photo's work. */
export interface PhotoJob {
  plan: PhotoPlan;
  /** Product ids to write. */
  products: readonly string[];
  /** Why nothing is done. */
  refused?: { code: CliErrorCode; error: string };
  /** What to know of it, for people, beside what its conversion finds out. */
  notes: string[];
  /** What has been written so far. */
  files: WrittenFile[];
  /** What came of it, once that is known. */
  report?: PhotoReport;
}

/** What all photos of a run share. */
export interface JobSetting {
  options: CliOptions;
  /** What `--set` says, checked. */
  values: PluginValues;
  depthIsFile: boolean;
  cameras: CameraFile | undefined;
  /** Text of a camera path of the person's own. */
  cameraPath?: string;
  guard: Guard;
  /** Where the only file goes instead of into a folder. */
  stdout: Writable | undefined;
}

/** Where a person hears of one photo. */
export interface Teller {
  terminal: Terminal;
  line: PhotoLine;
}

export function jobOf(plan: PhotoPlan, products: readonly string[]): PhotoJob {
  return { plan, products, ...(plan.unreadable !== undefined && { refused: plan.unreadable }), notes: [], files: [] };
}

/** Sees before the work begins that every file can be written. A map that lies where the default depth map would go stays, and is not written anew. */
export function settleTargets(
  job: PhotoJob,
  { options, guard, cameras, stdout }: JobSetting,
  suffixes: Readonly<Record<string, readonly string[]>>,
): void {
  const { plan } = job;
  if (job.refused !== undefined || stdout !== undefined) return;
  const pathsOf = (products: readonly string[]): string[] =>
    targetsOf(
      plan.out,
      plan.name,
      products.flatMap((id) => suffixes[id] ?? []),
      [],
    );
  const own =
    options.outputs === undefined && plan.map !== undefined
      ? job.products.find((id) => pathsOf([id]).some((path) => isSameFile(path, plan.map!)))
      : undefined;
  if (own !== undefined) {
    job.products = job.products.filter((id) => id !== own);
    job.notes.push(`${basename(plan.map!)} is the depth map you brought, so none is written; --out names another folder for one`);
  }
  if (options.skipExisting) {
    const there = job.products.filter((id) => pathsOf([id]).some((path) => existsSync(path)));
    job.products = job.products.filter((id) => !there.includes(id));
    if (there.length > 0) job.notes.push(`is there already and is left as it is: ${there.join(', ')}`);
  }
  const views = targetsOf(
    plan.out,
    plan.name,
    [],
    (cameras?.views ?? []).map(({ file }) => file),
  );
  const reason = whyNoTargets(plan.out, [...pathsOf(job.products), ...views], guard);
  if (reason === undefined) return;
  const isMap =
    plan.map === undefined && pathsOf(job.products).some((path) => reason.error.startsWith(path) && photoStemOfMap(path) !== undefined);
  job.refused = {
    code: reason.code,
    error: `${plan.input}: ${reason.error}${isMap ? ' To use it as the depth map, name it along with the photo.' : ''}`,
  };
}

/** Whether all that was asked for is there already. */
export function isDone({ products, refused }: PhotoJob, { options, cameras, stdout }: JobSetting): boolean {
  return (
    options.skipExisting && refused === undefined && stdout === undefined && products.length === 0 && (cameras?.views ?? []).length === 0
  );
}

/** Converts one photo; where the browser ends meanwhile, once more in a new one. Never throws: what went wrong stands in the report. */
export async function convertOne(
  job: PhotoJob,
  setting: JobSetting,
  page: BrowserPage,
  exchange: FileExchange,
  teller: Teller,
): Promise<PhotoReport> {
  const { input } = job.plan;
  for (let tries = 1; ; tries++) {
    try {
      return await tryOnce(job, setting, page, exchange, teller);
    } catch (error) {
      const code = error instanceof CliError ? error.code : 'io';
      // What went to stdout cannot be taken back.
      if (code === 'browser-ended' && tries === 1 && !(setting.stdout && job.files.length > 0)) {
        job.files.length = 0;
        job.notes.push('the browser ended while it was at work, so it was restarted and the photo was converted again');
        continue;
      }
      return failedReport(input, code, error instanceof Error ? error.message : String(error), job.files);
    }
  }
}

async function tryOnce(
  { plan, products, files }: PhotoJob,
  setting: JobSetting,
  page: BrowserPage,
  exchange: FileExchange,
  { terminal, line }: Teller,
): Promise<PhotoReport> {
  const { options, values, depthIsFile, cameras, guard, stdout } = setting;
  const views = cameras?.views ?? [];
  const viewNames = new Set(views.map(({ file }) => file));
  const photo = plan.bytes ?? plan.input;
  const { inputUrl, put, close } = exchange.open({
    inputs: plan.map === undefined ? [photo] : [photo, plan.map],
    guard,
    target(kind, name) {
      // Names come from the page: none may lead out of the folder.
      if (name === '' || name !== basename(name) || name.includes('\\')) return undefined;
      if (kind !== 'output' && !(kind === 'view' && viewNames.has(name))) return undefined;
      if (stdout) return stdout;
      return kind === 'output' ? join(plan.out, plan.name + name) : join(plan.out, `${plan.name}_views`, name);
    },
    written(file) {
      files.push(file);
      if (!stdout) terminal.wrote(file);
    },
  });
  const settings: Partial<ConvertSettings> = {
    ...(options.depth !== undefined && !depthIsFile && { depthSource: options.depth }),
    ...(options.inpaint !== undefined && { inpainter: options.inpaint }),
    depthOptions: { ...values.depth, ...options.depthOptions },
    inpaintOptions: values.inpaint,
    ...(cameras && { longerSidePx: COVER_PX, detailPx: 0, lens: cameras.lens, eyebox: cameras.eyebox }),
    ...options.settings,
  };
  const result = await page
    .convert(
      {
        photo: { name: plan.bytes ? plan.name : basename(plan.input), url: inputUrl(0) },
        ...(plan.map !== undefined && { map: { name: basename(plan.map), url: inputUrl(1) } }),
        settings,
        products: [...products],
        relief: options.relief ?? (cameras ? 'full' : 'compact'),
        outputOptions: values.output,
        views,
        ...(cameras && { aspect: { width: cameras.width, height: cameras.height } }),
        put,
      },
      (progress) => line.progress(progress),
    )
    .finally(close);
  if (result.code === 'no-depth' && plan.map === undefined)
    result.errors.push('To download a model: unflat models fetch tcmonodepth-small (790 kB); unflat models list shows others.');
  return reportOf(plan.input, result, files, products.length + views.length);
}
