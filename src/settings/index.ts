/** What a conversion can be told in numbers, once: validation, the command line's flags and the app's sliders read it here. */
import type { OptionSpec } from '../plugin-api/index.ts';

type NumberSpec = Extract<OptionSpec, { type: 'number' }>;

export interface NumberSetting<Id extends string = string> extends NumberSpec {
  id: Id;
  /** What a person would say it does, a sentence. */
  help: string;
  /** Whole numbers alone. */
  isInteger?: true;
  /** Its flag on the command line, without the dashes. */
  flag: string;
}

/** Settings that are numbers, by id. */
export const NUMBER_SETTINGS = {
  longerSidePx: setting({
    id: 'longerSidePx',
    flag: 'longer-side',
    label: 'Working size',
    default: 960,
    min: 256,
    max: 4096,
    isInteger: true,
    unit: 'px',
    help: 'Longer side in pixels at which the photo is converted. Larger is finer and slower.',
  }),
  detailPx: setting({
    id: 'detailPx',
    flag: 'detail',
    label: 'Detail',
    default: 2048,
    min: 0,
    max: 4096,
    isInteger: true,
    unit: 'px',
    help: 'Longer side in pixels of the photo in the result, where it is larger than the working size; 0 keeps the working size.',
  }),
  smoothing: setting({
    id: 'smoothing',
    flag: 'smoothing',
    label: 'Smoothing',
    default: 1,
    min: 0,
    max: 2,
    step: 0.1,
    help: 'Smooths a rough, stepped or blurred depth map and sharpens its edges. Lower values do less.',
  }),
  depthStrength: setting({
    id: 'depthStrength',
    flag: 'depth-strength',
    label: 'Depth strength',
    default: 1,
    min: 0.25,
    max: 2,
    step: 0.05,
    help: 'How deep the 3D photo is.',
  }),
  emphasis: setting({
    id: 'emphasis',
    flag: 'emphasis',
    label: 'Depth emphasis',
    default: 0,
    min: -1,
    max: 1,
    step: 0.1,
    help: 'Gives the foreground or the background more of the depth.',
  }),
};

export type NumberSettingId = keyof typeof NUMBER_SETTINGS;

/** What is wrong with a value, as “an integer from 256 to 4096”; undefined = nothing. */
export function outOfRange({ min, max, isInteger }: NumberSetting, value: unknown): string | undefined {
  const isRight = typeof value === 'number' && value >= min && value <= max && (!isInteger || Number.isInteger(value));
  return isRight ? undefined : `${isInteger ? 'an integer' : 'a number'} from ${min} to ${max}`;
}

function setting<Id extends string>(spec: Omit<NumberSetting<Id>, 'type'>): NumberSetting<Id> {
  return { type: 'number', ...spec };
}
