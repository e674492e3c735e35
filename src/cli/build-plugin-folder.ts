import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { readManifest, type PluginManifest } from '../plugin-api/index.ts';

/** Longest words of a build that failed; the first say what is wrong. */
const MOST_CHARACTERS = 2000;

/**
 * Runs the script `build` of an author's folder, which makes `dist/<id>.js`.
 * @returns the manifest in the built file, or what went wrong, for people, on one or more lines.
 */
export async function buildPluginFolder(folder: string, signal: AbortSignal): Promise<{ manifest: PluginManifest } | { problem: string }> {
  try {
    const script = (await json(folder, 'package.json')).scripts?.['build'];
    if (typeof script !== 'string') return { problem: 'package.json has no script “build”; it makes the plugin’s file in dist.' };
    const { status, words } = await run(script, folder, signal);
    if (status !== 0) return { problem: `The build failed.\n${words || `“${script}” ended with status ${status}.`}` };
    const { id } = await json(folder, 'manifest.json');
    const file = `${String(id)}.js`;
    const text = await readFile(join(folder, 'dist', file), 'utf8').catch(() => undefined);
    if (text === undefined) return { problem: `The build made no dist/${file}, as the id in manifest.json says. Correct one of them.` };
    return { manifest: readManifest(text, `dist/${file}`) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function json(folder: string, name: string): Promise<{ id?: unknown; scripts?: Record<string, unknown> }> {
  const text = await readFile(join(folder, name), 'utf8').catch(() => {
    throw new Error(`${name} cannot be read.`);
  });
  try {
    return JSON.parse(text) as Record<string, never>;
  } catch (cause) {
    throw new Error(`${name} is not JSON (${cause instanceof Error ? cause.message : String(cause)}).`, { cause });
  }
}

/** As npm runs a script: in the folder, and with the programs of its packages. */
function run(script: string, folder: string, signal: AbortSignal): Promise<{ status: number | null; words: string }> {
  const path = [join(folder, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter);
  const child = spawn(script, { cwd: folder, shell: true, signal, env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  const hear = (data: Buffer): void => void (words = (words + data.toString()).slice(0, MOST_CHARACTERS));
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((done, failed) =>
    child.on('error', failed).on('close', (status) => done({ status, words: stripVTControlCharacters(words).trim() })),
  );
}
