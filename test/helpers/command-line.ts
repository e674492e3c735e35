import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';

/** How the program ended, and what it said. */
export interface CommandRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs `unflat`, as it was built, in that folder. @param env variables beside this process's own. */
export function commandLine(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandRun> {
  const child = spawn(process.execPath, [join(root, 'src/cli/unflat.mjs'), ...args], { cwd: folder, env: { ...process.env, UNFLAT_PREPARED: '1', ...env } });
  const run: CommandRun = { status: null, stdout: '', stderr: '' };
  child.stdout.on('data', (data: Buffer) => (run.stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (run.stderr += data.toString()));
  return new Promise((done, failed) => child.on('error', failed).on('close', (status) => done({ ...run, status })));
}
