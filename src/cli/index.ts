/** The command line: drives the built app in a headless browser. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installChromium } from './chromium.mjs';
import { convertPhotos } from './convert-photos.ts';
import { runModels } from './models-command.ts';
import { HELP, UsageError, parseCommandLine } from './options.ts';
import { root } from './prepare.mjs';
import { Terminal } from './terminal.ts';

/**
 * @param argv what stands after the program's name.
 * @returns the exit status: 0 = every photo gave every file, 1 = something failed, 2 = the command line is wrong, 130 = stopped.
 */
export async function main(argv: string[]): Promise<number> {
  const terminal = new Terminal(argv.includes('--json'));
  const stop = new AbortController();
  const onSignal = () => stop.abort(new DOMException('Stopped.', 'AbortError'));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const options = parseCommandLine(argv);
    if (options === 'help') return say(HELP);
    if (options === 'version') return say(`${version()}\n`);
    if (options === 'install-browser') return await install(terminal);
    if ('verb' in options) {
      await runModels(options, terminal, stop.signal);
      return 0;
    }
    const photos = await convertPhotos(options, terminal, stop.signal);
    terminal.report(photos);
    return photos.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    terminal.fail(error instanceof Error ? error.message : String(error));
    if (stop.signal.aborted) return 130;
    return error instanceof UsageError ? 2 : 1;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function version(): string {
  const { version: text } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return text;
}

async function install(terminal: Terminal): Promise<number> {
  const path = await installChromium();
  if (path === undefined) {
    terminal.fail('No Chromium could be installed. Install Chromium, Chrome or Edge by hand, or set CHROME_PATH to its program file.');
    return 1;
  }
  return say(`${path}\n`);
}
