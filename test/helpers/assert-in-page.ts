/** As much of `node:assert/strict` as the contract's tests use, for pages. */
class AssertionError extends Error {
  constructor({ message }: { message: string }) {
    super(message);
    this.name = 'AssertionError';
  }
}

function ok(value: unknown, message = 'it is not so'): asserts value {
  if (!value) throw new AssertionError({ message });
}

const shown = (value: unknown): string => {
  try {
    return JSON.stringify(value)?.slice(0, 200) ?? String(value);
  } catch {
    return String(value);
  }
};

function isDeepEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Object.getPrototypeOf(one) !== Object.getPrototypeOf(other)) return false;
  if (ArrayBuffer.isView(one) && ArrayBuffer.isView(other)) {
    const [a, b] = [one, other].map((each) => new Uint8Array(each.buffer, each.byteOffset, each.byteLength));
    return a!.length === b!.length && a!.every((value, i) => value === b![i]);
  }
  const [a, b] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && isDeepEqual(a[key], b[key]));
}

export default {
  AssertionError,
  ok,
  equal: (one: unknown, other: unknown, message?: string): void =>
    ok(Object.is(one, other), `${message ?? ''} ${shown(one)} !== ${shown(other)}`),
  notEqual: (one: unknown, other: unknown, message?: string): void => ok(!Object.is(one, other), `${message ?? ''} ${shown(one)} twice`),
  deepEqual: (one: unknown, other: unknown, message?: string): void =>
    ok(isDeepEqual(one, other), `${message ?? ''} ${shown(one)} is not ${shown(other)}`),
  match: (text: string, pattern: RegExp, message?: string): void =>
    ok(pattern.test(text), `${message ?? ''} ${shown(text)} does not match ${pattern}`),
};
