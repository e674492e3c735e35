import { existsSync } from 'node:fs';
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
 * Converts every photo in turn and writes its files.
 * @param signal aborted with a `Stopped` when the person stops the program; half-written files are then removed.
 * @param report gets each photo's entry as it is done; at a stop also those of the others.
 * @throws UsageError when the command line cannot be followed; nothing is written then. The signal's reason at a stop.
 */
export async function convertPhotos(options: CliOptions, terminal: Terminal, signal: AbortSignal, report: RunReport): Promise<void> {
  const depthIsFile = options.depth !== undefined && existsSync(options.depth);
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
    if (signal.aborted)
      for (const job of jobs.slice(report.photos.length)) report.photos.push(stoppedReport(job, signal.reason as Stopped));
    throw error;
  }
}

async function takeStdin(job: PhotoJob, signal: AbortSignal): Promise<void> {
  job.plan.bytes = await readStdin(signal);
  if (job.plan.bytes.length === 0)
    job.refused = { code: 'empty-file', error: `${STDIN}: nothing came from stdin; write unflat - < photo.jpg.` };
}

interface Teller {
  terminal: Terminal;
  /** Says what is known before the work. */
  tellNotes(): void;
}

async function convertJobs(
  jobs: readonly PhotoJob[],
  setting: JobSetting,
  { terminal, tellNotes }: Teller,
  signal: AbortSignal,
  report: RunReport,
): Promise<void> {
  const { options, depthIsFile } = setting;
  const folder = await openModels(options.models);
  const exchange = new FileExchange(folder);
  let page: BrowserPage | undefined;
  let models: readonly FolderModel[] = [];
  let toldBasic = false;
  const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
  stopped.catch(() => {});
  try {
    if (jobs.some(({ refused }) => refused === undefined)) {
      signal.throwIfAborted();
      await exchange.start();
      page = await BrowserPage.launch(exchange.appUrl, exchange.path);
      const warnings = await Promise.race([
        startPlugins({
          page,
          exchange,
          named: options.pluginFiles,
          allowHosts: options.allowHosts,
          models: folder,
          say: (line) => terminal.note('plugins', line),
          signal,
        }),
        stopped,
      ]);
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
    for (const [index, job] of jobs.entries()) {
      signal.throwIfAborted();
      const { input } = job.plan;
      terminal.begin(index, jobs.length);
      const done = isDone(job, setting)
        ? reportOf(input, { timesMs: {}, warnings: [], notes: [], errors: [] }, [], 0)
        : page && !job.refused
          ? await Promise.race([convertOne(job, setting, page, exchange, terminal), stopped])
          : failedReport(input, job.refused?.code ?? 'io', job.refused?.error ?? '');
      const isBasic = done.depthModel?.isBundled === true;
      if (isBasic && !toldBasic)
        job.notes.push(`its depth is “${done.depthModel?.label}”; better models are downloaded once: unflat models list shows them`);
      toldBasic ||= isBasic;
      done.notes.unshift(...job.notes);
      terminal.finish(done);
      report.photos.push(done);
    }
  } finally {
    await page?.dispose();
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
