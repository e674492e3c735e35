import type { OptionSpec, OptionValues } from '../plugin-api/index.ts';

/** Whether an option's control is shown beside these values of the others. */
export function isShown({ showIf }: OptionSpec, all: readonly OptionSpec[], values: OptionValues): boolean {
  if (!showIf) return true;
  const value = values[showIf.option] ?? all.find(({ id }) => id === showIf.option)?.default;
  return [showIf.is].flat().some((each) => each === value);
}
