import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ConvertSettings } from '../pipeline/index.ts';
import { BrowserPage } from './browser-page.ts';
import { readCameraFile, type CameraFile } from './cameras.ts';
import { checkIds } from './check-ids.ts';
import { openModels } from './models-command.ts';
import type { FolderModel } from './models-folder.ts';
import { FileExchange, type WrittenFile } from './file-exchange.ts';
import { DEFAULT_OUTPUTS, UsageError, type CliOptions } from './options.ts';
import { planPhotos, type PhotoPlan } from './plan.ts';
import { failedReport, reportOf, type PhotoReport } from './report.ts';
import type { Terminal } from './terminal.ts';

/** With an exact lens every pixel of the photo counts, up to what the pipeline takes. */
const COVER_PX = 4096;

/**
 * Converts every photo in turn and writes its files.
 * @param signal aborted when the person stops the program; half-written files are then removed.
 * @throws UsageError when the command line cannot be followed; nothing is written then.
 */
export async function convertPhotos(options: CliOptions, terminal: Terminal, signal: AbortSignal): Promise<PhotoReport[]> {
  const depthIsFile = options.depth !== undefined && existsSync(options.depth);
  if (depthIsFile && /\.onnx$/i.test(options.depth ?? '')) {
    throw new UsageError(`--depth ${options.depth} is a network, not a depth map. Take it in with: unflat models add ${options.depth}, then name it by its id.`);
  }
  const plans = planPhotos(options, depthIsFile);
  const cameras = options.cameras === undefined ? undefined : readCameraFile(options.cameras);
  const readable = plans.some(({ unreadable }) => unreadable === undefined);
  const folder = await openModels(options.models);
  const exchange = new FileExchange(folder);
  let page: BrowserPage | undefined;
  let models: readonly FolderModel[] = [];
  let toldBasic = false;
  try {
    if (readable) {
      await exchange.start();
      page = await BrowserPage.launch(exchange.appUrl, exchange.modelsPath);
      models = await folder.list();
      checkIds(options, depthIsFile, await page.plugins(), models);
      for (const warning of folder.warnings) terminal.fail(warning);
    }
    const reports: PhotoReport[] = [];
    const stopped = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    stopped.catch(() => {});
    for (const plan of plans) {
      signal.throwIfAborted();
      const work = page && plan.unreadable === undefined ? convertOne(plan, options, depthIsFile, cameras, page, exchange, terminal) : undefined;
      const report = work ? await Promise.race([work, stopped]) : failedReport(plan.input, plan.unreadable ?? '');
      const isBasic = models.some(({ row }) => row.embedded && row.id === report.depthModel?.id);
      if (isBasic && !toldBasic) terminal.note(plan.input, `its depth is “${report.depthModel?.label}”; better networks are fetched once: unflat models list shows them`);
      toldBasic ||= isBasic;
      terminal.finish(report);
      reports.push(report);
    }
    return reports;
  } finally {
    await page?.dispose();
    await exchange.dispose();
  }
}

async function convertOne(
  plan: PhotoPlan,
  options: CliOptions,
  depthIsFile: boolean,
  cameras: CameraFile | undefined,
  page: BrowserPage,
  exchange: FileExchange,
  terminal: Terminal,
): Promise<PhotoReport> {
  const files: WrittenFile[] = [];
  const products = options.outputs ?? DEFAULT_OUTPUTS;
  const views = cameras?.views ?? [];
  const viewNames = new Set(views.map(({ file }) => file));
  const { inputUrl, put } = exchange.open({
    inputs: plan.map === undefined ? [plan.input] : [plan.input, plan.map],
    target(kind, name) {
      // Names come from the page: none may lead out of the folder.
      if (name === '' || name !== basename(name) || name.includes('\\')) return undefined;
      if (kind === 'output') return join(plan.out, plan.name + name);
      return kind === 'view' && viewNames.has(name) ? join(plan.out, `${plan.name}_views`, name) : undefined;
    },
    written(file) {
      files.push(file);
      terminal.wrote(file);
    },
  });
  const settings: Partial<ConvertSettings> = {
    ...(options.depth !== undefined && !depthIsFile && { depthSource: options.depth }),
    ...(options.inpaint !== undefined && { inpainter: options.inpaint }),
    ...(cameras && { longerSidePx: COVER_PX, detailPx: 0, lens: cameras.lens, eyebox: cameras.eyebox }),
    ...(options.longerSide !== undefined && { longerSidePx: options.longerSide }),
  };
  try {
    const result = await page.convert(
      {
        photo: { name: basename(plan.input), url: inputUrl(0) },
        ...(plan.map !== undefined && { map: { name: basename(plan.map), url: inputUrl(1) } }),
        settings,
        products,
        views,
        ...(cameras && { aspect: { width: cameras.width, height: cameras.height } }),
        put,
      },
      (stage, fraction, note) => terminal.progress(plan.input, stage, fraction, note),
    );
    if (result.code === 'no-depth' && plan.map === undefined) result.errors.push('A network is fetched by: unflat models fetch tcmonodepth-small (790 kB); unflat models list shows others.');
    return reportOf(plan.input, result, files, products.length + views.length);
  } catch (error) {
    return { ...failedReport(plan.input, error instanceof Error ? error.message : String(error)), files };
  }
}
