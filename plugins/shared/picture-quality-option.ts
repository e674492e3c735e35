import type { OptionSpec, OptionValues } from 'unflat/plugin';

/** How good the pictures inside a 3D photo's file are. */
export const PICTURE_QUALITY_OPTION: OptionSpec = {
  id: 'quality',
  label: 'Quality',
  type: 'number',
  default: 84,
  min: 50,
  max: 100,
  step: 1,
  help: 'Ten less halves the size of the pictures in the file, about.',
};

/** What that option says, 50..100. */
export const pictureQualityOf = (options: OptionValues): number => Number(options['quality'] ?? PICTURE_QUALITY_OPTION.default);
