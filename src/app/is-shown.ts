import type { OptionSpec, OptionValues } from '../plugin-api/index.ts';
import { optionValue } from './option-value.ts';

/** Whether an option's control is shown beside these values of the others. */
export function isShown({ showIf }: OptionSpec, all: readonly OptionSpec[], values: OptionValues): boolean {
  if (!showIf) return true;
  const other = all.find(({ id }) => id === showIf.option);
  const value = other && optionValue(other, values);
  return [showIf.is].flat().some((each) => each === value);
}
