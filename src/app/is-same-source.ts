import type { DepthFrom } from './desk-types.ts';

export function isSameSource(a: DepthFrom | undefined, b: DepthFrom | undefined): boolean {
  if (a?.kind === 'model' && b?.kind === 'model') return a.model === b.model;
  if (a?.kind === 'plugin' && b?.kind === 'plugin') return a.plugin === b.plugin;
  return a?.kind === b?.kind;
}
