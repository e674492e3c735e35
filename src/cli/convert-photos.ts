import { statSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserPage } from './browser-page.ts';
import { readCameraFile } from './read-camera-file.ts';
import { readPathFile } from './read-path-file.ts';
import { checkIds } from './check-ids.ts';
import { UsageError } from './cli-error.ts';
import { FileExchange } from './file-exchange.ts';
import { removeDeadHalves } from './half-written-name.ts';
import { openModels } from './models-command.ts';
import type { FolderModel } from './models-folder.ts';
import { DEFAULT_OUTPUTS, type CliOptions } from './parse-command-line.ts';
import { convertOne, isDone, jobOf, settleTargets, type JobSetting, type PhotoJob } from './photo-job.ts';
import { planPhotos } from './plan-photos.ts';
import { failedReport, reportOf, type PhotoReport, type RunReport } from './run-report.ts';
import { setOptions } from './set-options.ts';
import { checkOut } from './targets-of.ts';
import { STDIN, readStdin, stdoutFor } from './read-stdin.ts';
import { startPlugins } from './start-plugins.ts';
import type { Stopped } from './stop-signals.ts';
import type { Terminal } from './terminal.ts';

/**
 * Converts every photo and writes its files: in turn, or as many at once as `options.jobs` says.
 * @param signal aborted with a `Stopped` when the person stops the program; half-written files are then removed.
 * @param report gets each photo's entry as it is done; at a stop also those of the others.
 * @throws UsageError when the command line cannot be followed; nothing is written then. The signal's reason at a stop.
 */
export async function convertPhotos(options: CliOptions, terminal: Terminal, signal: AbortSignal, report: RunReport): Promise<void> {
  // A folder is no depth map, but is often called as the plugin that lies in it.
  const depthIsFile = options.depth !== undefined && statSync(options.depth, { throwIfNoEntry: false })?.isDirectory() === false;
  if (depthIsFile && /\.onnx$/i.test(options.depth ?? '')) {
    throw new UsageError(
      `--depth ${options.depth} is a model, not a depth map. Add it with: unflat models add ${options.depth}, then give its id to --depth.`,
    );
  }
  const { photos: plans, notes, leftOut } = planPhotos(options, depthIsFile);
  report.notes.push(...notes.map(({ input, text }) => `${input}: ${text}`));
  checkOut(options.out);
  const products = options.outputs ?? DEFAULT_OUTPUTS;
  const cameras = options.cameras === undefined ? undefined : readCameraFile(options.cameras);
  const cameraPath = options.path === undefined ? undefined : readPathFile(options.path);
  const stdout = stdoutFor(options, plans.length, products.length + (cameras?.views.length ?? 0));
  const named = [...plans.flatMap(({ input, map }) => [input, map]), ...leftOut, options.depth, options.cameras, options.path].filter(
    (path): path is string => path !== undefined && path !== STDIN,
  );
  const setting: JobSetting = {
    options,
    depthIsFile,
    cameras,
    ...(cameraPath !== undefined && { cameraPath }),
    guard: { named, overwrite: options.overwrite },
    stdout,
    values: setOptions([], []),
  };
  const jobs = plans.map((plan) => jobOf(plan, products));
  try {
    for (const job of jobs) if (job.plan.input === STDIN) await takeStdin(job, signal);
    // Once it is known that the work can begin: beside an error they would only be in the way.
    const tellNotes = (): void => notes.forEach(({ input, text }) => terminal.note(input, text));
    await convertJobs(jobs, setting, { terminal, tellNotes }, signal, report);
  } catch (error) {
    if (signal.aborted) report.photos = jobs.map((job) => job.report ?? stoppedReport(job, signal.reason as Stopped));
    throw error;
  }
}

async function takeStdin(job: PhotoJob, signal: AbortSignal): Promise<void> {
  job.plan.bytes = await readStdin(signal);
  if (job.plan.bytes.length === 0)
    job.refused = { code: 'empty-file', error: `${STDIN}: nothing came from stdin; write unflat - < photo.jpg.` };
}

interface Start {
  terminal: Terminal;
  /** Says what is known before the work. */
  tellNotes(): void;
}

async function convertJobs(
  jobs: readonly PhotoJob[],
  setting: JobSetting,
  { terminal, tellNotes }: Start,
  signal: AbortSignal,
  report: RunReport,
): Promise<void> {
  const { options, depthIsFile } = setting;
  const folder = await openModels(options.models);
  const exchange = new FileExchange(folder);
  const pages: BrowserPage[] = [];
  let models: readonly FolderModel[] = [];
  let toldBasic = false;
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  stopped.catch(() => {});
  const launch = async (): Promise<BrowserPage> => {
    const page = await BrowserPage.launch(exchange.appUrl, exchange.path);
    pages.push(page);
    return page;
  };
  const wanted = [options.depth ?? '', options.inpaint ?? '', ...(options.outputs ?? [])];
  const withPlugins = (page: BrowserPage, say: (line: string) => void): ReturnType<typeof startPlugins> =>
    startPlugins({ page, exchange, named: options.pluginFiles, allowHosts: options.allowHosts, models: folder, say, signal, wanted });
  try {
    if (jobs.some(({ refused }) => refused === undefined)) {
      signal.throwIfAborted();
      await exchange.start();
      const page = await Promise.race([launch(), stopped]);
      const warnings = await Promise.race([withPlugins(page, (line) => terminal.note('plugins', line)), stopped]);
      for (const warning of warnings) terminal.fail(warning);
      report.warnings.push(...warnings);
      models = await folder.list();
      for (const warning of folder.warnings) terminal.fail(warning);
      report.warnings.push(...folder.warnings);
      const known = await Promise.race([page.plugins(), stopped]);
      checkIds(options, depthIsFile, known, models);
      setting.values = setOptions(options.set, known.all, setting.cameraPath);
      for (const job of jobs) settleTargets(job, setting, known.suffixes);
      for (const { out, name } of setting.stdout ? [] : jobs.map(({ plan }) => plan))
        [out, join(out, `${name}_views`)].forEach(removeDeadHalves);
    }
    tellNotes();
    const work = async (job: PhotoJob, index: number, page: BrowserPage | undefined): Promise<void> => {
      const { input } = job.plan;
      const line = terminal.begin(input, index, jobs.length);
      const done = isDone(job, setting)
        ? reportOf(input, { timesMs: {}, warnings: [], notes: [], errors: [] }, [], 0)
        : page && !job.refused
          ? await Promise.race([convertOne(job, setting, page, exchange, { terminal, line }), stopped])
          : failedReport(input, job.refused?.code ?? 'io', job.refused?.error ?? '');
      const isBasic = done.depthModel?.isBundled === true;
      if (isBasic && !toldBasic)
        job.notes.push(`its depth is “${done.depthModel?.label}”; better models are downloaded once: unflat models list shows them`);
      toldBasic ||= isBasic;
      done.notes.unshift(...job.notes);
      line.finish(done);
      job.report = done;
    };
    const waiting = [...jobs.entries()];
    /** Takes one photo after the other, until none is left. */
    const lane = async (page: BrowserPage | undefined): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        signal.throwIfAborted();
        await work(next[1], next[0], page);
      }
    };
    const [first] = pages;
    const more = first ? Math.min(options.jobs, jobs.length) - 1 : 0;
    const others = Array.from({ length: more }, async () => {
      // Where no more browsers start, the first one does the work.
      const page = await launch().catch(() => undefined);
      if (page) await withPlugins(page, () => {});
      if (page) await lane(page);
    });
    await Promise.all([lane(first), ...others]);
  } finally {
    report.photos = jobs.flatMap((job) => job.report ?? []);
    await Promise.all(pages.map((page) => page.dispose()));
    await exchange.dispose();
  }
}

/** A photo that the run did not come to, or not to the end of. */
function stoppedReport({ plan, files, notes }: PhotoJob, { signal }: Stopped): PhotoReport {
  const error =
    files.length > 0
      ? `${plan.input}: was stopped (${signal}) before all of its files were written.`
      : `${plan.input}: was not converted, as the run was stopped (${signal}).`;
  return { ...failedReport(plan.input, 'stopped', error, files), notes };
}
