import type { OptionSpec } from '../plugin-api/index.ts';

/** Options under their headings: first those without one, then each group where its first option stands. */
export function groupsOf(specs: readonly OptionSpec[]): { group: string | undefined; specs: OptionSpec[] }[] {
  const groups = new Map<string | undefined, OptionSpec[]>([[undefined, []]]);
  for (const spec of specs) groups.set(spec.group, [...(groups.get(spec.group) ?? []), spec]);
  return [...groups].filter(([, members]) => members.length > 0).map(([group, members]) => ({ group, specs: members }));
}
