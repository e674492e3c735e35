import type { ModelRow } from '../core/index.ts';

/** The rows of `models/catalogue.json`; those who never ask do not carry them along. */
export async function loadCatalogue(): Promise<readonly ModelRow[]> {
  return (await import('./catalogue-rows.ts')).CATALOGUE_ROWS;
}
