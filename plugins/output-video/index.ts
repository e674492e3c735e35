import { defineOutput } from 'unflat/plugin';

/** The four camera moves of the 2020 system as videos, rendered frame by frame. */
export default defineOutput({
  id: 'output-video',
  label: 'Video',
  products: [
    { id: 'zoom-in', label: 'Video: zoom in', suffixes: ['_zoom-in.mp4', '_zoom-in.webm'] },
    { id: 'dolly-zoom-in', label: 'Video: dolly zoom in', suffixes: ['_dolly-zoom-in.mp4', '_dolly-zoom-in.webm'] },
    { id: 'circle', label: 'Video: circle', suffixes: ['_circle.mp4', '_circle.webm'] },
    { id: 'swing', label: 'Video: swing', suffixes: ['_swing.mp4', '_swing.webm'] },
  ],
  needsFrames: true,
  options: [
    { id: 'frames', label: 'Frames', type: 'number', default: 240, min: 2, max: 2000, step: 1 },
    { id: 'fps', label: 'Frames per second', type: 'number', default: 40, min: 1, max: 120, step: 1, unit: 'fps' },
    {
      id: 'longerSidePx',
      label: 'Longer side, at most',
      type: 'number',
      default: 960,
      min: 64,
      max: 4096,
      step: 2,
      unit: 'px',
      help: 'A smaller photo keeps its size.',
    },
    {
      id: 'crop',
      label: 'Crop the border',
      type: 'boolean',
      default: true,
      help: 'Leaves out 8 % of the width and height, where most was filled in.',
    },
    { id: 'amount', label: 'Movement', type: 'number', default: 1, min: 0.2, max: 2, step: 0.1, help: '1 is the usual amount.' },
    {
      id: 'quality',
      label: 'Quality',
      type: 'choice',
      default: 'standard',
      choices: [
        { value: 'small', label: 'Small file' },
        { value: 'standard', label: 'Standard' },
        { value: 'high', label: 'High' },
      ],
    },
    {
      id: 'format',
      label: 'Format',
      type: 'choice',
      default: 'auto',
      choices: [
        { value: 'auto', label: 'MP4 if this browser can, else WebM' },
        { value: 'mp4', label: 'MP4 (H.264)' },
        { value: 'webm', label: 'WebM (VP9)' },
      ],
    },
  ],
  supports: (env) =>
    env.videoEncoder || 'this browser has no video encoder that works (WebCodecs); use a current Chrome, Edge, Firefox or Safari.',

  // The encoder's libraries come only when a video is made.
  async write(input, context) {
    const { writeVideo } = await import('./write-video.ts');
    return writeVideo(input, context);
  },
});
