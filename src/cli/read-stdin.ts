import type { Writable } from 'node:stream';
import { UsageError } from './cli-error.ts';
import type { CliOptions } from './parse-command-line.ts';

/** The name that stands for stdin as a photo and for stdout as `--out`; a file of that name is `./-`. */
export const STDIN = '-';
const STDOUT = '-';

/** @throws UsageError where stdin is a terminal; the signal's reason at a stop. */
export async function readStdin(signal: AbortSignal): Promise<Uint8Array> {
  const { stdin } = process;
  if (stdin.isTTY) throw new UsageError('- reads the photo from stdin, which is a terminal here: unflat - < photo.jpg');
  const onAbort = (): void => void stdin.destroy(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const pieces: Buffer[] = [];
    for await (const piece of stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/**
 * Where the only file goes with `--out -`; undefined without it.
 * @throws UsageError where more or less than one file would go there, or stdout has another use.
 */
export function stdoutFor({ out, json }: CliOptions, photos: number, files: number): Writable | undefined {
  if (out !== STDOUT) return undefined;
  if (json) throw new UsageError('--out - and --json both write to stdout; leave one of them out.');
  if (photos !== 1 || files !== 1)
    throw new UsageError(
      `--out - writes one file of one photo to stdout, but this makes ${photos * files}: name one with --outputs, as in --outputs depth.`,
    );
  if (process.stdout.isTTY)
    throw new UsageError('--out - writes the file’s bytes to stdout, which is a terminal here: add > file, or name a folder.');
  return process.stdout;
}
