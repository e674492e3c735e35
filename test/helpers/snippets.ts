import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/cli/prepare.mjs';

/**
 * Examples of a page of the repository, as a reader copies them.
 * @param page relative to the repository.
 * @returns those below a heading, up to the next one of any level, in the language; at least one.
 */
export function snippets(page: string, heading: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const start = text.search(new RegExp(`^#+ ${heading}$`, 'm'));
  const below = start < 0 ? '' : text.slice(start).replace(/^.*\n/, '').split(/^#+ /m)[0]!;
  const found = [...below.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))].map(([, code = '']) => code);
  if (found.length === 0) throw new Error(`${page} has no ${language} below "${heading}"`);
  return found;
}
