import { strings } from './strings.ts';

/**
 * Markup that shows a saved 3D photo on a page of one's own.
 * @param file name of the 3D photo, which lies beside the page.
 * @param alt what it shows, for people who cannot see it.
 */
export function embedCode(file: string, alt: string): string {
  const script = tag('script', 'type="module"', 'src="unflat-view.js"');
  const photo = tag('unflat-photo', `src="${encodeURIComponent(file)}"`, `alt="${escaped(alt)}"`);
  return `<!-- ${strings.save.embedNote} -->\n${script}\n${photo}\n`;
}

const tag = (name: string, ...attributes: string[]): string => `<${[name, ...attributes].join(' ')}></${name}>`;

const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => `&#${letter.codePointAt(0)};`);
