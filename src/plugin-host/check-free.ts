import { UnflatError, lookOf } from '../core/index.ts';
import type { PluginManifest } from '../plugin-api/index.ts';
import type { PluginDescription } from './check-description.ts';

/** What is Unflat's own, which no plugin may take. */
export interface TakenNames {
  /** Ids of plugins, of what outputs write, and of models. */
  ids: readonly string[];
  products: readonly string[];
  models: readonly string[];
  /** What people read of them in lists. */
  labels: readonly string[];
}

const ASK = 'Ask its author to choose another';

/**
 * Sees that a plugin's id and name are not Unflat's, before any of its code runs.
 * @param file what messages call it. @throws UnflatError `bad-plugin` that says what is taken.
 */
export function checkFreeName({ id, label }: PluginManifest, ours: TakenNames, file: string): void {
  const refuse = (what: string): never => {
    throw new UnflatError('bad-plugin', `${file} ${what}.`);
  };
  if (ours.ids.includes(id)) refuse(`calls itself ${id}, as a plugin of Unflat does. ${ASK} id`);
  // Its models would be called like ours, and like those that may still come.
  if (ours.models.some((model) => model === id || model.startsWith(`${id}-`)))
    refuse(`calls itself ${id}, as models of Unflat’s list begin. ${ASK} id`);
  if (isOneOf(ours.labels, label)) refuse(`calls itself “${label}”, as something in Unflat is called. ${ASK} name`);
}

/**
 * Sees that what a plugin brings can be told from what is here.
 * @param others installed plugins but the one of its id. @throws UnflatError `bad-plugin` that says what is taken, and by whom.
 */
export function checkFree(plugin: PluginDescription, ours: TakenNames, others: readonly PluginDescription[]): void {
  const { manifest, products, models } = plugin;
  const refuse = (what: string, todo: string): never => {
    throw new UnflatError('bad-plugin', `The plugin “${manifest.label}” (${manifest.id}) ${what}. ${todo}.`);
  };
  for (const { id } of products)
    if (ours.products.includes(id) || others.some((other) => other.products.some((product) => product.id === id)))
      refuse(`writes “${id}”, which another one writes already`, 'Remove that one first, or ask its author');
  for (const { id } of models) {
    if (ours.models.includes(id)) refuse(`calls its model ${id}, as one of Unflat’s list is called`, `${ASK} id`);
    const owner = others.find((other) => other.models.some((model) => model.id === id));
    if (owner) refuse(`brings a model of the same id as “${owner.manifest.label}”`, 'Ask its author');
  }
  for (const label of labelsOf(plugin)) {
    if (isOneOf(ours.labels, label)) refuse(`calls something “${label}”, as something in Unflat is called`, `${ASK} name`);
    const owner = others.find((other) => isOneOf(labelsOf(other), label));
    if (owner)
      refuse(
        `calls something “${label}”, and so does “${owner.manifest.label}” (${owner.manifest.id})`,
        'Remove that one first, or ask its author to choose another name',
      );
  }
}

const labelsOf = ({ manifest, products, models }: PluginDescription): string[] => [
  manifest.label,
  ...products.map(({ label }) => label),
  ...models.map(({ label }) => label),
];

const isOneOf = (labels: readonly string[], label: string): boolean => labels.some((each) => lookOf(each) === lookOf(label));
