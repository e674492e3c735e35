import { html } from 'lit';
import { STAGES, type Progress } from '../core/index.ts';

/** How far the photo is on its way, as a bar along its lower edge. */
export function progressBar({ stage, overall, note }: Progress) {
  return html`<progress
    part="progress"
    aria-label="Making the photo 3D"
    aria-valuetext=${note ?? STAGES[stage].words}
    max="1"
    .value=${overall}
  ></progress>`;
}
