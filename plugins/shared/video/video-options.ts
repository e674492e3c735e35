import type { Environment, OptionSpec } from 'unflat/plugin';

export const FRAMES_OPTION = {
  id: 'frames',
  label: 'Frames',
  type: 'number',
  default: 240,
  min: 2,
  max: 2000,
  step: 1,
} as const satisfies OptionSpec;

export const FPS_OPTION = {
  id: 'fps',
  label: 'Frames per second',
  type: 'number',
  default: 40,
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

/** Whether this browser encodes video, or why not, for people. */
export function encodesVideo(env: Environment): true | string {
  return env.videoEncoder || 'this browser has no video encoder that works (WebCodecs); use a current Chrome, Edge, Firefox or Safari.';
}
