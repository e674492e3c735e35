/**
 * Disjoint sets as a forest in one array (Tarjan 1975): the root that stands for `node`'s set. A root is its own parent.
 * Shortens the way to it by half (path halving), so that it stays near for whoever asks next.
 */
export function rootOf(parent: Int32Array, node: number): number {
  let k = node;
  while (parent[k] !== k) {
    parent[k] = parent[parent[k]!]!;
    k = parent[k]!;
  }
  return k;
}

/** A forest in which each of `count` nodes is a set of its own. */
export function singletons(count: number): Int32Array {
  const parent = new Int32Array(count);
  for (let k = 0; k < count; k++) parent[k] = k;
  return parent;
}
