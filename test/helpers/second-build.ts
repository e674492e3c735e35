import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { root } from '../../src/cli/prepare.mjs';

export interface SecondBuild {
  /** Folder of a build of the app in which no late script has the name that it has in dist/app. Goes with the test file. */
  folder: string;
  /** Both builds' names. */
  build: string;
  firstBuild: string;
  /** The late scripts' names in the first build. */
  chunks: string[];
}

/** The name of the build in dist/app: the app asks for its workers with it, see src/app/create-worker.ts. */
export function buildName(): string {
  const [, name] = /worker\.js\?build=(\w+)/.exec(readFileSync(join(root, 'dist/app/service-worker.js'), 'utf8')) ?? [];
  if (!name) throw new Error('dist/app has no name: run npm run build first.');
  return name;
}

/** What dist/app would be after a change that reached every script, without building it again. */
export function secondBuild(): SecondBuild {
  const folder = mkdtempSync(join(tmpdir(), 'unflat-second-build-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(join(root, 'dist/app'), folder, { recursive: true });
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  const firstBuild = buildName();
  const build = `${firstBuild.slice(0, -4)}beef`;
  const chunks = scripts.filter((name) => /-[\w-]{8}\.js$/.test(name));
  const renamed = (name: string): string => (chunks.includes(name) ? name.replace(/.{5}\.js$/, 'other.js') : name);
  const texts = new Map(scripts.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
  for (const [name, text] of texts) {
    rmSync(join(folder, name));
    const next = chunks
      .reduce((all, chunk) => all.replaceAll(chunk, renamed(chunk)), text.replaceAll(firstBuild, build))
      // A file under its old name is another one too.
      .replace(/("?revision"?:\s*"[0-9a-f]{28})[0-9a-f]{4}/g, '$1beef');
    writeFileSync(join(folder, renamed(name)), next);
  }
  return { folder, build, firstBuild, chunks };
}
