import { Fault } from '../fault.ts';

/** A part of a glTF file's description, unchecked. */
export type Json = Record<string, unknown>;

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One of the description's lists, `[]` where it is missing. @throws Fault where it is something else. */
export function listOf(json: Json, name: string): Json[] {
  const list = json[name];
  if (list === undefined) return [];
  if (!Array.isArray(list) || !list.every(isJson)) throw new Fault(`its list of ${name} is damaged`);
  return list;
}

/** A whole number from 0 on. @param fallback where it is absent. */
export function countOf(json: Json, name: string, fallback?: number): number {
  const value = json[name] ?? fallback;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new Fault(`a “${name}” in it is no whole number`);
  return value;
}

/** What a number in the description points at. @throws Fault where there is no such thing. */
export function pointedAt(list: readonly Json[], index: unknown, what: string): Json {
  const found = typeof index === 'number' ? list[index] : undefined;
  if (!found) throw new Fault(`it names ${what} ${String(index).slice(0, 20)}, which is not there`);
  return found;
}
