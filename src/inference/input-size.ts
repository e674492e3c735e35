import { measuredSide, type ModelSize } from '../core/index.ts';

/** A very long picture is made smaller rather than fed as many squares as it has: the work of a transformer grows with their square. */
const MOST_SQUARES = 4;

/**
 * The size in pixels at which a model is fed with a picture of `width × height`.
 * Sides go to the nearest multiple. A picture more than four times as long as wide is fed with four times `px²` pixels at most, its aspect kept.
 */
export function inputSize(size: ModelSize, width: number, height: number): { width: number; height: number } {
  if (size.rule === 'fixed') return { width: size.width, height: size.height };
  const { rule, px, multipleOf } = size;
  const scale = Math.min(px / measuredSide(rule, width, height), Math.sqrt((MOST_SQUARES * px * px) / (width * height)));
  const whole = (side: number): number => Math.max(1, Math.round((side * scale) / multipleOf)) * multipleOf;
  return { width: whole(width), height: whole(height) };
}
