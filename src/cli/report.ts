import type { Stage } from '../core/index.ts';
import type { AutomationResult } from '../app/automation.ts';
import type { WrittenFile } from './file-exchange.ts';

const STAGES: readonly Stage[] = ['decode', 'depth', 'sharpen', 'tear', 'grow', 'mesh', 'inpaint', 'render', 'encode'];

/** One photo's entry in the `--json` report. */
export interface PhotoReport {
  /** As given on the command line. */
  input: string;
  /** Whether every file was written. */
  ok: boolean;
  /** What went wrong, in one line. */
  error?: string;
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
  providers: { depth?: string; inpaint?: string };
  /** The network that estimated the depth, where it ran and how long: absent where none did. */
  depthModel?: NonNullable<AutomationResult['report']>['depthModel'];
  /** How the hidden parts were painted: by what, in how many runs of a network, and what that took; absent where nothing was. */
  fill?: NonNullable<AutomationResult['report']>['fill'];
  warnings: string[];
}

export function reportOf(input: string, result: AutomationResult, files: WrittenFile[], expected: number): PhotoReport {
  const { report, timesMs, warnings } = result;
  const errors = [...result.errors];
  if (errors.length === 0 && files.length !== expected) errors.push(`${expected - files.length} of ${expected} files were not written; run the same command again.`);
  const times = Object.fromEntries(STAGES.map((stage) => [stage, Math.round((timesMs[stage] ?? 0) * 10) / 10])) as Record<Stage, number>;
  return {
    input,
    ok: errors.length === 0,
    ...(errors.length > 0 && { error: oneLine(input, errors) }),
    files,
    width: report?.width ?? 0,
    height: report?.height ?? 0,
    originalWidth: report?.originalWidth ?? 0,
    originalHeight: report?.originalHeight ?? 0,
    times,
    layers: report?.layers ?? 0,
    triangles: report?.triangles ?? 0,
    providers: report ? { depth: report.depthSource, inpaint: report.inpainter } : {},
    ...(report?.depthModel && { depthModel: report.depthModel }),
    ...(report && { fill: report.fill }),
    warnings: [...new Set(warnings)],
  };
}

export function failedReport(input: string, error: string): PhotoReport {
  return reportOf(input, { timesMs: {}, warnings: [], errors: [error] }, [], 0);
}

/** One line that names the file, whatever the errors look like. */
function oneLine(input: string, errors: readonly string[]): string {
  const text = errors.join(' ').replace(/\s+/g, ' ').trim();
  const name = input.split(/[\\/]/).at(-1) ?? input;
  return text.includes(name) ? text : `${input}: ${text}`;
}
