/** What may go after a photo's name: `.obj`, `_LR.jpg`, `_qs8x6a0.75.png`. No slashes and no two dots, and it ends with an extension. */
export function isSuffix(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 40 && /^(?:[\w-]|\.\w)*\.[a-z0-9]+$/.test(value);
}
