import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isLink } from '../core/index.ts';
import { CliError, UsageError } from './cli-error.ts';
import { readBody } from './read-body.ts';
import { readBounded } from './read-bounded.ts';

/** A plugin's file, as it is. */
export interface PluginFile {
  bytes: Uint8Array;
  /** Its address, or its absolute path. */
  from: string;
}

/** Longest file of a plugin, in bytes, as in the app. */
export const MOST_PLUGIN_BYTES = 8 * 2 ** 20;
/** A server has so long to answer and to send it, in ms. */
const PATIENCE_MS = 60_000;

/** An address may lead on to others so many times. */
const MOST_HOPS = 5;

/**
 * Reads a plugin's file, or downloads it from an address that the person named.
 * @param option what messages call the word on the command line, as `--plugin`.
 * @throws UsageError for what is no file or no address that may be asked; CliError `download-failed`.
 */
export async function readPluginFile(from: string, option: string, signal: AbortSignal): Promise<PluginFile> {
  if (isLink(from)) return downloaded(from, option, signal);
  const bytes = await readBounded(from, MOST_PLUGIN_BYTES);
  if (typeof bytes !== 'string') return { bytes, from: resolve(from) };
  const built = bytes === 'is a folder' ? await builtIn(from) : undefined;
  throw new UsageError(
    built === undefined
      ? `${option} ${from}: it ${bytes}. Give a plugin’s file, or its address with https:// before it.`
      : `${option} ${from}: it is a folder. Give the plugin’s file in it: ${built}.`,
  );
}

/** What the build of an author's folder made, if it is that. */
async function builtIn(folder: string): Promise<string | undefined> {
  for (const place of ['dist', '.']) {
    const names = await readdir(join(folder, place)).catch(() => []);
    const [file, ...others] = names.filter((name) => /^(?:depth|inpaint|output)-.*\.js$/.test(name));
    if (file !== undefined && others.length === 0) return join(folder, place, file);
  }
  return undefined;
}

/** On this machine an author's own server needs no certificate. */
const isLocal = ({ protocol, hostname }: URL): boolean => protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname);

/** @returns the file, `from` where it came from in the end: each address on the way is held to the same rule. */
async function downloaded(from: string, option: string, signal: AbortSignal): Promise<PluginFile> {
  const start = URL.canParse(from) ? new URL(from) : undefined;
  if (!start || (start.protocol !== 'https:' && !isLocal(start)))
    throw new UsageError(`${option} ${from}: an address must begin with https:// (http:// only for localhost).`);
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  try {
    let url = start;
    for (let hops = 0; ; hops++) {
      const response = await fetch(url, { signal: patience, credentials: 'omit', redirect: 'manual' });
      const next = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (next === null) {
        if (!response.ok) throw new Error(`the server answered ${response.status}`);
        const bytes = await readBody(response, MOST_PLUGIN_BYTES);
        if (bytes.length > MOST_PLUGIN_BYTES) throw tooLarge(`${option} ${from}`);
        return { bytes, from: hops > 0 ? url.href : from };
      }
      await response.body?.cancel();
      url = new URL(next, url);
      if (url.protocol !== 'https:' && !(isLocal(url) && isLocal(start))) throw new Error(`it leads to ${url.href.slice(0, 200)}`);
      if (hops >= MOST_HOPS) throw new Error('it leads from address to address');
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof CliError) throw cause;
    const { message, cause: deeper } = cause as Error & { cause?: { code?: string } };
    throw new CliError(
      'download-failed',
      `${option} ${from} could not be downloaded (${deeper?.code ?? message}). Check the address and the connection.`,
      { cause },
    );
  }
}

function tooLarge(what: string): CliError {
  return new CliError('bad-plugin', `${what} is larger than the ${MOST_PLUGIN_BYTES / 2 ** 20} MB that a plugin may have.`);
}
