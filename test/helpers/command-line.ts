import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';

/** How the program ended, and what it said. */
export interface CommandRun {
  status: number | null;
  pid: number | undefined;
  stdout: string;
  /** The same as it came. */
  bytes: Buffer;
  stderr: string;
}

export interface CommandOptions {
  /** What comes from stdin. Default: nothing. */
  stdin?: Uint8Array;
  /** Gets all of stderr so far as it grows, and the process, to do something to it at a certain point. */
  onStderr?(stderr: string, child: ChildProcess): void;
}

/** Runs `unflat`, as it was built, in that folder. @param env variables beside this process's own. */
export function commandLine(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  options: CommandOptions = {},
): Promise<CommandRun> {
  const child = spawn(process.execPath, [join(root, 'src/cli/unflat.mjs'), ...args], {
    cwd: folder,
    // No plugins of whoever runs the tests.
    env: { ...process.env, UNFLAT_PREPARED: '1', UNFLAT_PLUGINS: join(root, 'no-plugins'), ...env },
  });
  const run: CommandRun = { status: null, pid: child.pid, stdout: '', bytes: Buffer.alloc(0), stderr: '' };
  const pieces: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => pieces.push(data));
  child.stderr.on('data', (data: Buffer) => {
    run.stderr += data.toString();
    options.onStderr?.(run.stderr, child);
  });
  child.stdin.on('error', () => {}).end(options.stdin);
  return new Promise((done, failed) =>
    child.on('error', failed).on('close', (status) => {
      const bytes = Buffer.concat(pieces);
      done({ ...run, status, bytes, stdout: bytes.toString() });
    }),
  );
}
