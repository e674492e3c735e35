import type { ModelRow } from '../core/index.ts';
import catalogue from '../../models/catalogue.json';
import { parseCatalogue } from './parse-catalogue.ts';

/** The rows of `models/catalogue.json`, checked. */
export const CATALOGUE_ROWS: readonly ModelRow[] = parseCatalogue(catalogue);
