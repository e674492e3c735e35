import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { root } from './prepare.mjs';

/** What `checkContract` of `unflat/plugin-test` says. */
interface ContractReport {
  passed: number;
  failures: { test: string; message: string }[];
  untested: string[];
}

/** Of what a plugin that cannot be loaded says. */
const MOST_CHARACTERS = 2000;

/**
 * Has the tests of the contract look at a plugin's built file, in a process of its own, which a plugin that hangs takes along.
 * @param name what the words call it.
 * @returns for its author, whether it keeps the contract: one line, or one for each thing that is wrong. Undefined when stopped.
 */
export async function contractWords(
  file: string,
  name: string,
  signal: AbortSignal,
): Promise<{ isKept: boolean; words: string } | undefined> {
  const child = spawn(process.execPath, [join(root, 'src/cli/contract-child.mjs'), file], {
    signal,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let report: ContractReport | undefined;
  let said = '';
  child.on('message', (message) => (report = message as ContractReport));
  child.stderr?.on('data', (data: Buffer) => (said = (said + data.toString()).slice(0, MOST_CHARACTERS)));
  await new Promise<void>((done) => child.on('error', () => done()).on('close', () => done()));
  if (signal.aborted) return undefined;
  if (!report) return { isKept: false, words: `${name} could not be tested.\n${stripVTControlCharacters(said).trim()}` };
  const { passed, failures, untested } = report;
  const rest = untested.map((words) => `  ${words}`);
  if (failures.length === 0) return { isKept: true, words: [`${name} keeps the contract (${passed} tests)`, ...rest].join('\n') };
  const wrong = failures.map(({ test, message }) => `  ${test}: ${message.replace(/\s*\n\s*/g, ' ').slice(0, 400)}`);
  return { isKept: false, words: [`${name} breaks the contract:`, ...wrong, ...rest].join('\n') };
}
