/** The command line: drives the built app in a headless browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnflatError } from '../core/index.ts';
import { runApp } from './app-command.ts';
import { installChromium } from './chromium.mjs';
import { CliError, UsageError } from './cli-error.ts';
import { convertPhotos } from './convert-photos.ts';
import { runModels } from './models-command.ts';
import { runOptions } from './run-options.ts';
import { HELP, hasFlag, parseCommandLine } from './parse-command-line.ts';
import { runPlugins } from './plugins-command.ts';
import { root } from './prepare.mjs';
import { emptyReport, type RunReport } from './run-report.ts';
import { StopSignals, Stopped } from './stop-signals.ts';
import { Terminal } from './terminal.ts';

/**
 * @param argv what stands after the program's name.
 * @returns the exit status: 0 = every photo gave every file, 1 = something failed, 2 = the command line is wrong, 128 + its number = stopped
 *   by a signal (130: Ctrl-C, 143: SIGTERM).
 */
export async function main(argv: string[]): Promise<number> {
  const json = hasFlag(argv, '--json');
  const terminal = new Terminal({ json, quiet: hasFlag(argv, '--quiet') });
  const stop = new StopSignals();
  const report = emptyReport();
  try {
    const options = parseCommandLine(argv);
    if (options === 'help') return say(HELP);
    if (options === 'version') return say(`${version()}\n`);
    if (options === 'install-browser') return await install(terminal, json);
    if ('command' in options) return (await runOptions(options, terminal, stop.signal)) ? 0 : 1;
    if ('appFolder' in options) return say(await runApp(options));
    if ('plugins' in options) return (await runPlugins(options, version(), terminal, stop.signal)) ? 0 : 1;
    if ('verb' in options) {
      return (await runModels(options, terminal, stop.signal)) ? 0 : 1;
    }
    await convertPhotos(options, terminal, stop.signal, report);
    report.ok = report.photos.every(({ ok }) => ok);
    const said = !json || (await terminal.json(report));
    return report.ok && said ? 0 : 1;
  } catch (cause) {
    const error: unknown = stop.signal.aborted ? stop.signal.reason : cause;
    report.error = error instanceof Stopped ? stoppedWords(error, report) : wordsOf(error);
    report.code = error instanceof Stopped ? 'stopped' : error instanceof CliError || error instanceof UnflatError ? error.code : 'io';
    terminal.fail(report.error);
    if (json)
      await terminal.json(
        isAboutModels(argv) ? { schemaVersion: 1, ok: false, error: report.error, code: report.code, models: [], warnings: [] } : report,
      );
    return error instanceof Stopped ? error.status : error instanceof UsageError ? 2 : 1;
  } finally {
    await stop.dispose();
  }
}

function stoppedWords({ signal }: Stopped, { photos }: RunReport): string {
  return photos.length === 0
    ? `Stopped (${signal}).`
    : `Stopped (${signal}): ${photos.filter(({ ok }) => ok).length} of ${photos.length} photos were converted.`;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'syscall' in error && error.syscall === 'uv_cwd'
    ? 'The folder that this was started in is no longer there; change to another one.'
    : error.message;
}

function isAboutModels(argv: readonly string[]): boolean {
  return argv.find((word) => !word.startsWith('-')) === 'models';
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return text;
}

async function install(terminal: Terminal, json: boolean): Promise<number> {
  const path = await installChromium();
  if (path === undefined) {
    throw new CliError(
      'no-browser',
      'No Chromium could be installed. Install Chromium, Chrome or Edge by hand, or set CHROME_PATH to its program file.',
    );
  }
  if (!json) return say(`${path}\n`);
  return (await terminal.json({ schemaVersion: 1, ok: true, path, warnings: [] })) ? 0 : 1;
}
