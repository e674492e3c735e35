import type { AutomationResult } from '../automation/index.ts';
import { STAGE_IDS, type Provider, type Stage } from '../core/index.ts';
import type { CliErrorCode } from './cli-error.ts';
import type { WrittenFile } from './file-exchange.ts';
import { printable } from './printable.ts';

/** What `--json` prints, whatever happened. */
export interface RunReport {
  /** Rises when a field changes its meaning or goes; new fields leave it as it is. */
  schemaVersion: 1;
  /** Whether every photo gave every file. */
  ok: boolean;
  /** What ended the run before all photos were done, for people; absent where nothing did. */
  error?: string;
  /** The same for programs. */
  code?: CliErrorCode;
  /** One entry a photo, in order; empty where the run ended before they were known. */
  photos: PhotoReport[];
  /** What was understood of the command line: files left out, and why. */
  notes: string[];
  warnings: string[];
}

/** One photo's entry in the `--json` report. */
export interface PhotoReport {
  /** As given on the command line. */
  input: string;
  /** Whether every file was written. */
  ok: boolean;
  /** What went wrong, in one line. */
  error?: string;
  /** What kind of failure that is; there where `error` is. */
  code?: CliErrorCode;
  /** Where in its file a plugin failed, for its author: as `estimate (depth-mine.js:14:11)`, innermost first. Absent where none did. */
  pluginStack?: string[];
  files: WrittenFile[];
  /** Working size in pixels; 0 where the photo was not read. */
  width: number;
  height: number;
  /** Size of the photo's file in pixels. */
  originalWidth: number;
  originalHeight: number;
  /** Wall time by stage in milliseconds. */
  times: Record<Stage, number>;
  layers: number;
  /** Triangles of the viewing meshes. */
  triangles: number;
  /** Ids of the plugins that ran. */
  plugins: { depth?: string; inpaint?: string };
  /** Where their models ran; absent for a plugin that used none. */
  executionProviders: { depth?: Provider; inpaint?: Provider };
  /** @deprecated The same as `plugins`; will be removed in 0.2. */
  providers: { depth?: string; inpaint?: string };
  /** Where the depth came from and why that was chosen, see `DepthDecision`; absent where the photo failed before. */
  depthChoice?: NonNullable<AutomationResult['report']>['depthChoice'];
  /** What was to fill in the hidden parts and why, see `InpaintDecision`; absent where no scene was made. */
  inpaintChoice?: NonNullable<AutomationResult['report']>['inpaintChoice'];
  /** The model that estimated the depth, where it ran and how long: absent where none did. */
  depthModel?: NonNullable<AutomationResult['report']>['depthModel'];
  /** How a depth map's values were read, and how sure that is: absent where a model estimated the depth. */
  reading?: NonNullable<AutomationResult['report']>['reading'];
  /** What drew the frames and views: the graphics card (hardware), or our own program on the processor (software); absent where nothing was drawn. */
  renderer?: NonNullable<AutomationResult['renderer']>;
  /** How the hidden parts were inpainted: by what, in how many runs of a model, and what that took; absent where nothing was. */
  inpaint?: NonNullable<AutomationResult['report']>['inpaint'];
  /** @deprecated The same as `inpaint`; will be removed in 0.2. */
  fill?: NonNullable<AutomationResult['report']>['inpaint'];
  warnings: string[];
  /** How the files were understood: guesses, what was found inside. */
  notes: string[];
}

export function emptyReport(): RunReport {
  return { schemaVersion: 1, ok: false, photos: [], notes: [], warnings: [] };
}

export function reportOf(input: string, result: AutomationResult, files: WrittenFile[], expected: number): PhotoReport {
  const { report, timesMs, warnings, notes } = result;
  const errors = [...result.errors];
  if (errors.length === 0 && files.length !== expected)
    errors.push(`${expected - files.length} of ${expected} files were not written; run the same command again.`);
  const times = Object.fromEntries(STAGE_IDS.map((stage) => [stage, Math.round((timesMs[stage] ?? 0) * 10) / 10])) as Record<Stage, number>;
  const plugins = report ? { depth: report.depthSource, ...(report.inpainter !== undefined && { inpaint: report.inpainter }) } : {};
  return {
    input,
    ok: errors.length === 0,
    ...(errors.length > 0 && failure(input, result.code ?? 'not-written', errors)),
    ...(result.pluginStack && { pluginStack: result.pluginStack }),
    files,
    width: report?.width ?? 0,
    height: report?.height ?? 0,
    originalWidth: report?.originalWidth ?? 0,
    originalHeight: report?.originalHeight ?? 0,
    times,
    layers: report?.layers ?? 0,
    triangles: report?.triangles ?? 0,
    plugins,
    executionProviders: {
      ...(report?.depthModel && { depth: report.depthModel.provider }),
      ...(report?.inpaint?.model && { inpaint: report.inpaint.model.provider }),
    },
    // oxlint-disable-next-line typescript/no-deprecated -- the old key is kept for a version.
    providers: plugins,
    ...(report?.depthChoice && { depthChoice: report.depthChoice }),
    ...(report?.inpaintChoice && { inpaintChoice: report.inpaintChoice }),
    ...(report?.depthModel && { depthModel: report.depthModel }),
    ...(report?.reading && { reading: report.reading }),
    ...(result.renderer && { renderer: result.renderer }),
    // oxlint-disable-next-line typescript/no-deprecated -- the old key is kept for a version.
    ...(report && { inpaint: report.inpaint, fill: report.inpaint }),
    warnings: [...new Set(warnings)],
    notes: [...new Set(notes)],
  };
}

export function failedReport(input: string, code: CliErrorCode, error: string, files: WrittenFile[] = []): PhotoReport {
  return {
    ...reportOf(input, { timesMs: {}, warnings: [], notes: [], errors: [] }, files, files.length),
    ok: false,
    ...failure(input, code, [error]),
  };
}

function failure(input: string, code: CliErrorCode, errors: readonly string[]): Pick<PhotoReport, 'error' | 'code'> {
  return { error: oneLine(input, errors), code };
}

/** One line that names the file, whatever the errors look like. */
function oneLine(input: string, errors: readonly string[]): string {
  const flat = (words: string): string => words.replace(/\s+/g, ' ').trim();
  const name = input.split(/[\\/]/).at(-1) ?? input;
  const text = flat(errors.join(' ').replaceAll(name, printable(name)));
  return text.includes(flat(printable(name))) ? text : `${printable(input)}: ${text}`;
}
