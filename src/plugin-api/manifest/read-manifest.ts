import { UnflatError } from '../../core/index.ts';
import { parseManifest } from './parse-manifest.ts';
import type { PluginManifest } from './plugin-manifest.ts';

const START = '/*! unflat-plugin';
const END = '*/';
/** The manifest is looked for no further than this. */
const MOST_CHARACTERS = 20_000;

/**
 * Reads the manifest of a plugin's file: the comment that it begins with. None of its code runs.
 * @param text the whole file, or its first 20,000 characters.
 * @param file what messages call it. Default 'the plugin'.
 * @throws UnflatError `bad-plugin` that names the file, what is wrong and what to do.
 */
export function readManifest(text: string, file = 'the plugin'): PluginManifest {
  const head = text.replace(/^\uFEFF+/, '').slice(0, MOST_CHARACTERS);
  const end = head.indexOf(END);
  if (!head.startsWith(START) || end < 0)
    throw new UnflatError(
      'bad-plugin',
      `${file} is not a plugin for Unflat: it must begin with ${START} and its manifest. Check that it is the right file.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(head.slice(START.length, end));
  } catch (cause) {
    throw new UnflatError('bad-plugin', `${file}: its manifest is not JSON. Ask its author for a corrected file.`, { cause });
  }
  return parseManifest(value, file);
}

/** The comment with which a plugin's file begins, for what builds such files. */
export function manifestComment(manifest: PluginManifest): string {
  // Inside a text this is the same character, and the comment does not end at it.
  const json = JSON.stringify(parseManifest(manifest), null, 1).replaceAll(END, '*\\/');
  return `${START}\n${json}\n${END}`;
}
