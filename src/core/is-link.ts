/** Whether where a file came from is a link, and not the name or the path of a file: `a:b.js` is a name, although `URL` takes it for an address. */
export function isLink(from: string): boolean {
  return /^https?:\/\//i.test(from);
}
