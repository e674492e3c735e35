import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** How a package.json names this package. */
export interface OwnReference {
  /** A range of versions, or `file:` and the folder of this package. */
  reference: string;
  /** Whether a registry has what is meant. */
  isPublished: boolean;
}

/**
 * How somebody's package.json can name this package so that it installs: by its version where it came from a registry, else by its folder.
 * @param root folder of this package, absolute and without links.
 */
export function ownReference(root: string, version: string): OwnReference {
  const isPublished = cameFromRegistry(root);
  return { reference: isPublished ? `^${version}` : `file:${root.replaceAll('\\', '/')}`, isPublished };
}

/** A clone lies in no `node_modules`; of what lies there, npm and pnpm say where it came from. */
function cameFromRegistry(root: string): boolean {
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') return false;
  // pnpm names the folder above after the package and where it came from, as unflat@file+….
  if (/@(?:file|link|git|https?)[+:]/.test(basename(dirname(modules)))) return false;
  const list = join(modules, '.package-lock.json');
  if (!existsSync(list)) return true;
  try {
    const { packages } = JSON.parse(readFileSync(list, 'utf8')) as { packages?: Record<string, { resolved?: string } | undefined> };
    const resolved = packages?.[`node_modules/${basename(root)}`]?.resolved;
    return resolved === undefined || /^https?:/.test(resolved);
  } catch {
    return true;
  }
}
