// @ts-check
/**
 * The built app, wherever its files lie. The build makes a complete app in dist/app. The npm package leaves out of it what the element's
 * folder holds as well (18 MB: model runtime, built-in model, HEIC decoder); `files` in package.json lists it. Plain Node, no packages.
 */
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';
import { serveFile } from './static-server.mjs';

const APP = join(root, 'dist/app');
const ELEMENT = join(root, 'dist/element');

/**
 * Answers a request with a file of the built app.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
export function serveApp(request, response) {
  const [path = ''] = (request.url ?? '').slice(1).split('?');
  const shared = existsSync(join(APP, path)) ? undefined : sharedFiles()[path];
  return shared ? serveFile(ELEMENT, Object.assign(request, { url: `/${shared}` }), response) : serveFile(APP, request, response);
}

/**
 * Writes all files of the app, for any web server.
 * @param {string} folder absolute path; made if it is missing. Files of the same names are replaced.
 */
export function copyApp(folder) {
  cpSync(APP, folder, { recursive: true });
  for (const [path, shared] of Object.entries(sharedFiles())) cpSync(join(ELEMENT, shared), join(folder, path));
}

/** Files that app and element have in common: path in the app → path in the element's folder. @returns {Record<string, string>} */
function sharedFiles() {
  /** @type {Record<string, string>} */
  const files = {};
  const [version] = readdirSync(join(APP, 'ort'));
  for (const name of readdirSync(join(ELEMENT, 'unflat-depth'))) {
    if (name.endsWith('.onnx')) files[`models/${name}`] = `unflat-depth/${name}`;
    if (name.startsWith('ort-')) files[`ort/${version}/${name}`] = `unflat-depth/${name}`;
  }
  for (const name of readdirSync(join(ELEMENT, 'unflat-heic'))) files[`heic/${name}`] = `unflat-heic/${name}`;
  return files;
}
