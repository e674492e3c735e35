import type { OptionSpec, OptionValue, OptionValues } from '../plugin-api/index.ts';

/** What an option is set to, or its default. */
export function optionValue({ id, default: usual }: Pick<OptionSpec, 'id' | 'default'>, values: OptionValues): OptionValue {
  return (Object.hasOwn(values, id) ? values[id] : undefined) ?? usual;
}
