import { properties, findAll, type Xmp } from './xmp.ts';

const CONTAINERS = ['http://ns.google.com/photos/dd/1.0/container/', 'http://ns.google.com/photos/1.0/container/'];
const ITEMS = ['http://ns.google.com/photos/dd/1.0/item/', 'http://ns.google.com/photos/1.0/container/item/'];

/** One file of a photo's container, as its directory lists it; the first is the photo itself. */
export interface ContainerItem {
  /** In lower case: `primary`, `depth`, `gainmap` …; '' where it is not said. */
  semantic: string;
  uri: string;
  /** In bytes; NaN where it cannot be. */
  length: number;
  padding: number;
}

/** The directory of the files that follow a photo (Google's container, both spellings); empty where there is none. */
export function containerItems({ documents }: Xmp): ContainerItem[] {
  for (const document of documents) {
    const directory = findAll(document, (node) => node.name === 'Directory' && CONTAINERS.includes(node.namespace))[0];
    const entries = directory ? findAll(directory, (node) => node.name === 'li') : [];
    if (entries.length === 0) continue;
    return entries.map((entry) => {
      const values = new Map<string, string>();
      for (const namespace of ITEMS) properties(entry, namespace, values);
      const size = (name: string): number => {
        const value = Number(values.get(name) ?? 0);
        return Number.isSafeInteger(value) && value >= 0 ? value : NaN;
      };
      return {
        semantic: (values.get('Semantic') ?? '').toLowerCase(),
        uri: values.get('DataURI') ?? '',
        length: size('Length'),
        padding: size('Padding'),
      };
    });
  }
  return [];
}

/**
 * Where item `index` may begin. Items follow the end of the primary picture in order; as some writers forget padding, they are also
 * counted back from the end of the file.
 */
export function itemStarts(items: readonly ContainerItem[], index: number, primaryEnd: number, fileLength: number): number[] {
  const span = (from: number, to: number): number => items.slice(from, to).reduce((sum, item) => sum + item.length + item.padding, 0);
  const starts = [
    primaryEnd + (items[0]?.padding ?? 0) + span(1, index),
    primaryEnd + span(1, index),
    fileLength - span(index, items.length),
  ];
  return starts.filter((start) => start >= primaryEnd && start <= fileLength);
}
