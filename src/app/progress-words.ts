import type { Progress, Stage } from '../core/index.ts';

/** What each stage does, in plain words, and its usual share of the time. */
const STAGES: Record<Stage, { words: string; share: number }> = {
  decode: { words: 'Reading the photo', share: 0.1 },
  depth: { words: 'Finding the depth', share: 0.26 },
  sharpen: { words: 'Sharpening the depth', share: 0.14 },
  tear: { words: 'Separating near from far', share: 0.05 },
  grow: { words: 'Extending the background', share: 0.12 },
  mesh: { words: 'Building the 3D photo', share: 0.08 },
  inpaint: { words: 'Filling in the background', share: 0.25 },
  render: { words: 'Drawing the frames', share: 1 },
  encode: { words: 'Writing the file', share: 1 },
};

const CONVERSION: readonly Stage[] = ['decode', 'depth', 'sharpen', 'tear', 'grow', 'mesh', 'inpaint'];

export function stageWords(progress: Progress): string {
  return (progress.note ?? STAGES[progress.stage].words).replace(/…$/, '');
}

export function stageName(stage: Stage): string {
  return STAGES[stage].words;
}

/** How much of a whole conversion is done, 0..1. */
export function conversionFraction({ stage, fraction }: Progress): number {
  const index = CONVERSION.indexOf(stage);
  if (index < 0) return 1;
  const before = CONVERSION.slice(0, index).reduce((sum, each) => sum + STAGES[each].share, 0);
  return Math.min(1, before + STAGES[stage].share * Math.min(1, Math.max(0, fraction)));
}
