import type { Environment, OptionSpec, OptionValues } from 'unflat/plugin';

export const SECONDS_OPTION = {
  id: 'seconds',
  label: 'Length',
  type: 'number',
  default: 8,
  min: 0.5,
  max: 60,
  step: 0.5,
  unit: 's',
} as const satisfies OptionSpec;

export const FRAMES_OPTION = {
  id: 'frames',
  label: 'Number of frames',
  type: 'number',
  default: 0,
  min: 0,
  max: 7200,
  step: 1,
  help: 'Counts instead of the length. 0: as many as the length asks for.',
} as const satisfies OptionSpec;

export const FPS_OPTION = {
  id: 'fps',
  label: 'Frames per second',
  type: 'number',
  default: 30,
  min: 1,
  max: 120,
  step: 1,
  unit: 'fps',
} as const satisfies OptionSpec;

export const QUALITY_OPTION = {
  id: 'quality',
  label: 'Quality',
  type: 'choice',
  default: 'standard',
  choices: [
    { value: 'small', label: 'Small file' },
    { value: 'standard', label: 'Standard' },
    { value: 'high', label: 'High' },
  ],
} as const satisfies OptionSpec;

export const FORMAT_OPTION = {
  id: 'format',
  label: 'Format',
  type: 'choice',
  default: 'auto',
  choices: [
    { value: 'auto', label: 'MP4 if this browser can, else WebM' },
    { value: 'mp4', label: 'MP4 (H.264)' },
    { value: 'webm', label: 'WebM (VP9)' },
  ],
} as const satisfies OptionSpec;

/** How fast a video plays and how many frames it has, at least 2, from the options above. */
export function frameRateOf(options: OptionValues): { fps: number; count: number } {
  const fps = Number(options['fps'] ?? FPS_OPTION.default);
  const frames = Number(options['frames'] ?? FRAMES_OPTION.default);
  return { fps, count: Math.max(2, frames || Math.round(Number(options['seconds'] ?? SECONDS_OPTION.default) * fps)) };
}

/** Whether this browser encodes video, or why not, for people. */
export function encodesVideo(env: Environment): true | string {
  return env.videoEncoder || 'this browser has no video encoder that works (WebCodecs); use a current Chrome, Edge, Firefox or Safari.';
}
