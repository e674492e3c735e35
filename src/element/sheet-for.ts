import { styles } from './styles.ts';

/** The elements' style sheet of each page: a page takes only sheets that its own window has made. */
const sheets = new WeakMap<Window, CSSStyleSheet>();

/** The elements' style sheet for a page. @param view its window. */
export function sheetFor(view: Window & typeof globalThis): CSSStyleSheet {
  const sheet = sheets.get(view) ?? new view.CSSStyleSheet();
  if (!sheets.has(view)) sheet.replaceSync(styles.cssText);
  sheets.set(view, sheet);
  return sheet;
}
