import { resolveOptions, type PluginInfo } from '../pipeline/index.ts';
import type { OptionValues } from '../plugin-api/index.ts';

/** What a person chose to save, remembered for the next photo and the next visit. */
export interface SaveChoice {
  /** Products, in the order in which they were chosen. */
  products: readonly string[];
  /** Options that were set, by output. */
  values: Readonly<Record<string, OptionValues>>;
  /** Several files come as one ZIP. */
  asZip: boolean;
}

const KEY = 'unflat-save-choice';
export const NO_CHOICE: SaveChoice = { products: [], values: {}, asZip: false };

/** As it was kept; anything may stand in it, see `validChoice`. */
export function loadChoice(): SaveChoice {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as { [Key in keyof SaveChoice]?: unknown };
    return {
      products: Array.isArray(kept.products) ? kept.products.filter((id) => typeof id === 'string') : [],
      values: typeof kept.values === 'object' && kept.values !== null ? (kept.values as SaveChoice['values']) : {},
      asZip: kept.asZip === true,
    };
  } catch {
    return NO_CHOICE;
  }
}

/** Texts are left out: a title or a description is of one photo. */
export function keepChoice({ products, values, asZip }: SaveChoice, outputs: readonly PluginInfo[]): void {
  const lasting = Object.fromEntries(
    outputs.map(({ id, options }) => {
      const texts = new Set(options.filter(({ type }) => type === 'text').map((spec) => spec.id));
      return [id, Object.fromEntries(Object.entries(values[id] ?? {}).filter(([option]) => !texts.has(option)))];
    }),
  );
  try {
    localStorage.setItem(KEY, JSON.stringify({ products, values: lasting, asZip }));
  } catch {
    // No storage in this window: the choice lasts as long as it does.
  }
}

/** Without what these outputs do not have: a plugin was removed, or a newer version has other options. Never empty where anything can be saved. */
export function validChoice({ products, values, asZip }: SaveChoice, outputs: readonly PluginInfo[]): SaveChoice {
  const offered = outputs.filter(({ supported }) => supported === true).flatMap((output) => output.products.map(({ id }) => id));
  const known = products.filter((id) => offered.includes(id));
  const good = outputs.flatMap(({ id, options }) => {
    const set = Object.entries(values[id] ?? {}).filter(([option, value]) => {
      try {
        return resolveOptions(options, { [option]: value }) !== undefined;
      } catch {
        return false;
      }
    });
    return set.length ? [[id, Object.fromEntries(set)] as const] : [];
  });
  return { products: known.length ? known : offered.slice(0, 1), values: Object.fromEntries(good), asZip };
}
