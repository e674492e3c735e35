import { plainText } from './plain-text.ts';

/** Places that are told. */
const MOST = 8;
const MOST_LINES = 100;
const MOST_CHARACTERS = 20_000;

/** The name under which a plugin's program runs; engines have it in the stacks of errors. */
export const programName = (id: string): string => `unflat-plugin/${id}.js`;

/**
 * Where in its file a plugin failed, by its own word: as `estimate (depth-mine.js:14:11)`, innermost first. Lines are those of the plugin's file; on
 * the first is its manifest, and what stands around the plugin in the sandbox, which nobody wants to see.
 */
export function crashPlaces(stack: unknown, id: string): string[] {
  if (typeof stack !== 'string') return [];
  const places: string[] = [];
  for (const line of stack.slice(0, MOST_CHARACTERS).split('\n', MOST_LINES)) {
    const at = line.lastIndexOf(programName(id));
    const [, row, column] = at < 0 ? [] : (/^:(\d{1,7}):(\d{1,7})/.exec(line.slice(at + programName(id).length)) ?? []);
    if (row === undefined || row === '1') continue;
    // Chromium: “at async name (address”, Firefox and WebKit: “name@address”.
    const [, name = ''] = /^\s*(?:at (?:async )?)?([\w.$<>/*]+)(?: \(|@)/.exec(line.slice(0, at)) ?? [];
    const place = `${id}.js:${row}:${column}`;
    places.push(name === '' ? place : `${plainText(name, 60)} (${place})`);
    if (places.length === MOST) break;
  }
  return places;
}
