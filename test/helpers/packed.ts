/** The package as other people get it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { npm, root } from '../../src/cli/prepare.mjs';

/** An empty project that has installed the package. */
export interface Project {
  /** Absolute, with nothing in it but `node_modules`. */
  folder: string;
  /** What was installed: the file of `npm pack`. */
  tarball: string;
  /** `node_modules/unflat` in it. */
  installed: string;
}

/**
 * Packs the built program with npm and installs the result in an empty folder, without asking a registry: its dependencies are
 * links to those of this repository. All is gone after the test file.
 */
export function installPacked(): Project {
  const place = mkdtempSync(join(tmpdir(), 'unflat-package-'));
  after(() => rmSync(place, { recursive: true, force: true }));
  if (!npm(['pack', '--ignore-scripts', '--silent', '--pack-destination', place], { quietStdout: true }))
    throw new Error('npm pack failed; the reason stands above.');
  const [name] = readdirSync(place);
  if (!name) throw new Error('npm pack wrote nothing.');
  const folder = join(place, 'project');
  const installed = join(folder, 'node_modules/unflat');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', join(place, name), '-C', installed, '--strip-components=1']);
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'peerDependencies',
    Record<string, string>
  >;
  link(folder, Object.keys({ ...dependencies, ...peerDependencies }));
  return { folder, tarball: join(place, name), installed };
}

/** Links packages of this repository into a project. */
export function link(folder: string, packages: readonly string[]): void {
  for (const name of packages) {
    const path = join(folder, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), path, 'junction');
  }
}
