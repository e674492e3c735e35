import type { Stage } from './progress.ts';

/**
 * All stages, in the order in which they run: what a person reads while one is at work, and its usual share of the time of a photo
 * that becomes a scene (measured on samples at 960 pixels with the bundled depth model; 0 = not part of that).
 */
export const STAGES: Readonly<Record<Stage, { words: string; share: number }>> = {
  decode: { words: 'Reading the photo', share: 0.1 },
  depth: { words: 'Finding the depth', share: 0.26 },
  sharpen: { words: 'Sharpening the depth', share: 0.14 },
  tear: { words: 'Separating near from far', share: 0.05 },
  grow: { words: 'Extending the background', share: 0.12 },
  mesh: { words: 'Building the 3D photo', share: 0.08 },
  inpaint: { words: 'Filling in the background', share: 0.25 },
  render: { words: 'Drawing the frames', share: 0 },
  encode: { words: 'Writing the file', share: 0 },
};

/** Ids of all stages, in order. */
export const STAGE_IDS = Object.keys(STAGES) as readonly Stage[];

/** The stages of a photo that becomes a scene. */
export const SCENE_STAGES: readonly Stage[] = STAGE_IDS.filter((stage) => STAGES[stage].share > 0);

/** The stages of a photo of which no more than the depth map is wanted. */
export const DEPTH_STAGES: readonly Stage[] = SCENE_STAGES.slice(0, SCENE_STAGES.indexOf('sharpen') + 1);

/** The part of a scene's work that its depth map is. */
export const DEPTH_SHARE = DEPTH_STAGES.reduce((sum, stage) => sum + STAGES[stage].share, 0);

/** How much of a job is done. It only ever rises, whatever order its stages run in. */
export class ProgressMeter {
  readonly #parts = new Map<Stage, { from: number; share: number }>();
  #overall = 0;

  /** @param stages those of the job, in order; default one stage that is all of it. */
  constructor(stages: readonly Stage[] = []) {
    const all = stages.reduce((sum, stage) => sum + STAGES[stage].share, 0);
    let from = 0;
    for (const stage of stages) {
      const share = STAGES[stage].share / all;
      this.#parts.set(stage, { from, share });
      from += share;
    }
  }

  /** @param fraction 0..1 of that stage. @returns 0..1 of the whole job, never less than before. */
  at(stage: Stage, fraction: number): number {
    const { from, share } = this.#parts.get(stage) ?? { from: 0, share: 1 };
    return (this.#overall = Math.max(this.#overall, Math.min(1, from + share * Math.min(1, Math.max(0, fraction)))));
  }
}
