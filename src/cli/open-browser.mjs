// @ts-check
import { spawn } from 'node:child_process';

/**
 * Opens an address in the person's browser, where there is a desktop.
 * @param {string} url
 */
export function openBrowser(url) {
  if (process.env['CI'] || process.env['BROWSER'] === 'none') return;
  const desktop = process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  /** @type {Partial<Record<NodeJS.Platform, string[]>>} */
  const byPlatform = { darwin: ['open', url], win32: ['cmd', '/c', 'start', '', url] };
  const command = byPlatform[process.platform] ?? (desktop ? ['xdg-open', url] : undefined);
  if (!command) return;
  const [program = '', ...args] = command;
  // The address was printed: a desktop without such a program is no error.
  spawn(program, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}
