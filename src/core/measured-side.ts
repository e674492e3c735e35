import type { ModelSize } from './model-types.ts';

/** What `px` of such a rule measures in a picture of `width × height` pixels. */
export function measuredSide(rule: Exclude<ModelSize['rule'], 'fixed'>, width: number, height: number): number {
  if (rule === 'area') return Math.sqrt(width * height);
  return rule === 'short-side' ? Math.min(width, height) : Math.max(width, height);
}
