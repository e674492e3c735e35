/** Small checks of data from outside; each throws a TypeError that names the path of what is wrong. */

export type Fields = Readonly<Record<string, unknown>>;

function said(value: unknown): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(value)
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object' && value
          ? 'an object'
          : String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function wrong(path: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${path} must be ${wanted}, got ${said(value)}`);
}

export function object(path: string, value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(path, 'an object', value);
  return value as Fields;
}

/** A list of at least `min` and at most `max` entries, each read by `item`. */
export function list<T>(path: string, value: unknown, min: number, max: number, item: (path: string, value: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length < min || value.length > max) throw wrong(path, `a list of ${min} to ${max} entries`, value);
  return Array.from(value as unknown[], (entry, i) => item(`${path}[${i}]`, entry));
}

/** Text of 1 to `max` characters without control characters. */
export function text(path: string, value: unknown, max = 200): string {
  // eslint-disable-next-line no-control-regex
  if (typeof value !== 'string' || value.trim() === '' || value.length > max || /[\u0000-\u001f\u007f]/.test(value))
    throw wrong(path, `a line of 1 to ${max} characters`, value);
  return value;
}

export function oneOf<T extends string | number>(path: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw wrong(path, `one of ${choices.join(', ')}`, value);
  return value as T;
}

export function integer(path: string, value: unknown, min: number, max: number): number {
  if (!Number.isInteger(value) || (value as number) < min || (value as number) > max)
    throw wrong(path, `an integer from ${min} to ${max}`, value);
  return value as number;
}

export function finite(path: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(path, 'a finite number', value);
  return value;
}

export function optional<T>(path: string, value: unknown, read: (path: string, value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(path, value);
}

export function orNull<T>(path: string, value: unknown, read: (path: string, value: unknown) => T): T | null {
  return value === null ? null : read(path, value);
}
