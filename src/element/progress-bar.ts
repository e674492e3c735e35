import { html, nothing } from 'lit';
import type { Progress } from '../core/index.ts';

/** Stages in their order, with their usual part of the time. */
const PARTS: readonly (readonly [Progress['stage'], number])[] = [
  ['decode', 0.1],
  ['depth', 0.25],
  ['sharpen', 0.15],
  ['tear', 0.05],
  ['grow', 0.15],
  ['inpaint', 0.25],
  ['mesh', 0.05],
];

/** Part of the whole work, 0..1, that is done at this point of a stage. */
export function partDone({ stage, fraction }: Progress): number {
  let done = 0;
  for (const [name, part] of PARTS) {
    if (name === stage) return done + part * fraction;
    done += part;
  }
  return done;
}

/** How far the photo is on its way, as a bar along its lower edge. @param done 0..1. */
export function progressBar(done: number, note: string | undefined) {
  return html`<progress
    part="progress"
    aria-label="Making the photo 3D"
    aria-valuetext=${note ?? nothing}
    max="1"
    .value=${done}
  ></progress>`;
}
