import { defineOutput, throwIfAborted } from 'unflat/plugin';
import type { Camera, Scene } from 'unflat/plugin';
import { LENS_OPTIONS } from '../shared/lens/lens-options.ts';
import { FOCUS_OPTIONS, SHAPE_OPTION, longerSideOption, shotOptions } from '../shared/moves/move-options.ts';
import { frameOf } from '../shared/moves/frame-of.ts';
import type { PictureType } from '../shared/encode-picture.ts';

/** A still of the view: what the person sees, larger than the screen. */
export default defineOutput({
  id: 'output-image',
  label: 'Picture',
  about: 'What you see, as a picture.',
  group: 'picture',
  products: [{ id: 'image', label: 'Picture of the view', suffixes: ['_view.jpg', '_view.png', '_view.webp'] }],
  needsFrames: true,
  options: [
    {
      id: 'picture',
      label: 'Kind of picture',
      type: 'choice',
      default: 'jpg',
      choices: [
        { value: 'jpg', label: 'JPEG' },
        { value: 'png', label: 'PNG, without loss' },
        { value: 'webp', label: 'WebP, small' },
      ],
    },
    { id: 'quality', label: 'Quality of JPEG and WebP', type: 'number', default: 92, min: 30, max: 100, step: 1, unit: '%' },
    longerSideOption(3840),
    SHAPE_OPTION,
    { ...FOCUS_OPTIONS[0], help: 'The point that stays sharp with a depth of field, and the middle of another shape.' },
    FOCUS_OPTIONS[1],
    ...LENS_OPTIONS,
  ],
  supports: () => true,

  async plan({ scene, options }) {
    const shot = shotOptions(options, 3840);
    const frame = frameOf(scene, { ...shot, crop: false });
    const { apertureFor } = await import('../shared/lens/aperture-of.ts');
    const lens = apertureFor(options, scene, [frame], shot.focus);
    const count = lens?.places.length ?? 1;
    const sample = { product: 'image', options: { longerSidePx: 640, picture: 'jpg' }, words: 'As it will be saved, but smaller.' };
    return { ...(lens && { sample }), drawing: { frames: count, pixels: count * frame.width * frame.height, encodeNs: 200 } };
  },

  async write({ scene, options, frames, view }, { signal, progress, warn }) {
    throwIfAborted(signal);
    const shot = shotOptions(options, 3840);
    const frame = frameOf(scene, { ...shot, crop: false });
    const camera = view ? seenBy(view, frame, scene) : frame;
    const { apertureFor } = await import('../shared/lens/aperture-of.ts');
    const lens = apertureFor(options, scene, [camera], shot.focus, warn);
    const { throughLens } = await import('../shared/lens/through-lens.ts');
    const drawn = (part: number): void => progress(0.9 * part, 'Rendering the picture');
    for await (const raster of throughLens(frames, [camera], lens, { signal, drawn })) {
      const { encodePicture } = await import('../shared/encode-picture.ts');
      const type = String(options['picture'] ?? 'jpg') as PictureType;
      const blob = await encodePicture(raster, type, signal, Number(options['quality'] ?? 92) / 100);
      progress(1);
      return { suffix: `_view.${type}`, blob };
    }
    throw new Error('no frame was rendered');
  },
});

/** The view's camera for a picture of the frame's size and part of the photo. */
function seenBy(view: Camera, frame: Camera, { lens, width, height }: Scene): Camera {
  const longer = Math.max(width, height);
  // What both would show of the photo if the camera had not moved: the frame's pixels by the view's.
  const across = frame.fx / (lens.fx * longer);
  const down = frame.fy / (lens.fy * longer);
  const toPhoto = longer / Math.max(view.width, view.height);
  return {
    ...frame,
    fx: view.fx * toPhoto * across,
    fy: view.fy * toPhoto * down,
    cx: frame.cx + (view.cx * toPhoto - lens.cx * longer) * across,
    cy: frame.cy + (view.cy * toPhoto - lens.cy * longer) * down,
    c2w: view.c2w,
  };
}
