/** An XML element with resolved namespaces; text is what stands directly inside it. */
export interface XmlNode {
  namespace: string;
  name: string;
  attributes: { namespace: string; name: string; value: string }[];
  children: XmlNode[];
  text: string;
}

/** Bounds for hostile files; real XMP packets have some hundred elements and ten levels. */
const MAX_NODES = 20_000;
const MAX_DEPTH = 64;

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[\da-f]{1,6}|#\d{1,7}|[a-z]{1,4});/gi, (whole, body: string) => {
    if (body[0] !== '#') return ENTITIES[body] ?? whole;
    const code = /^#x/i.test(body) ? parseInt(body.slice(2), 16) : Number(body.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** `name="value"` pairs of a tag's inside, found by searching for quotes, so that megabytes of base64 cost one pass. */
function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  let position = 0;
  for (;;) {
    const equals = text.indexOf('=', position);
    if (equals < 0) break;
    const name = text.slice(position, equals).trim();
    let open = equals + 1;
    while (text.charCodeAt(open) <= 32) open++;
    const quote = text[open];
    if (quote !== '"' && quote !== "'") break;
    const close = text.indexOf(quote, open + 1);
    if (close < 0) break;
    attributes.set(name, unescape(text.slice(open + 1, close)));
    position = close + 1;
  }
  return attributes;
}

/** End of the tag that begins at `start` ('<'): the '>' outside quotes, or −1. */
function tagEnd(text: string, start: number): number {
  let position = start;
  for (;;) {
    const close = text.indexOf('>', position);
    if (close < 0) return -1;
    // Each quoted value before this '>' must be closed before it, or the '>' is part of a value.
    let quoteAt = -1;
    for (let i = position; i < close; i++) {
      const character = text[i];
      if (character === '"' || character === "'") {
        quoteAt = text.indexOf(character, i + 1);
        if (quoteAt < 0) return -1;
        if (quoteAt > close) break;
        i = quoteAt;
        quoteAt = -1;
      }
    }
    if (quoteAt < 0) return close;
    position = quoteAt + 1;
  }
}

/**
 * Reads XML tolerantly and in one pass: damaged ends are dropped, comments, instructions and document types
 * passed over, no external thing is ever looked up.
 * @returns a nameless root whose children are the document's elements.
 */
export function parseXml(text: string): XmlNode {
  const root: XmlNode = { namespace: '', name: '', attributes: [], children: [], text: '' };
  const stack: { node: XmlNode; scope: Map<string, string> }[] = [{ node: root, scope: new Map() }];
  let position = 0;
  for (let nodes = 0; nodes < MAX_NODES;) {
    const open = text.indexOf('<', position);
    const top = stack[stack.length - 1];
    if (open < 0 || !top) break;
    if (open > position && stack.length > 1) top.node.text += unescape(text.slice(position, open));
    const next = text[open + 1];
    if (next === '?' || next === '!') {
      const closing = next === '?' ? '?>' : text.startsWith('<!--', open) ? '-->' : '>';
      const close = text.indexOf(closing, open);
      if (close < 0) break;
      position = close + closing.length;
      continue;
    }
    const close = tagEnd(text, open);
    if (close < 0) break;
    position = close + 1;
    if (next === '/') {
      if (stack.length > 1) stack.pop();
      continue;
    }
    if (stack.length > MAX_DEPTH) break;
    nodes++;
    const selfClosing = text[close - 1] === '/';
    const body = text.slice(open + 1, open + 257);
    const tag = /^[^\s/>]{1,256}/.exec(body)?.[0] ?? '';
    const raw = readAttributes(text.slice(open + 1 + tag.length, selfClosing ? close - 1 : close));
    const scope = declared(raw, top.scope);
    const node: XmlNode = { ...resolve(tag, scope), attributes: [], children: [], text: '' };
    for (const [name, value] of raw) {
      if (!name.startsWith('xmlns')) node.attributes.push({ ...resolve(name, scope), value });
    }
    top.node.children.push(node);
    if (!selfClosing) stack.push({ node, scope });
  }
  return root;
}

function declared(attributes: Map<string, string>, outer: Map<string, string>): Map<string, string> {
  let scope = outer;
  for (const [name, value] of attributes) {
    if (!name.startsWith('xmlns:')) continue;
    if (scope === outer) scope = new Map(outer);
    scope.set(name.slice(6), value);
  }
  return scope;
}

function resolve(name: string, scope: Map<string, string>): { namespace: string; name: string } {
  const colon = name.indexOf(':');
  return colon < 0 ? { namespace: '', name } : { namespace: scope.get(name.slice(0, colon)) ?? '', name: name.slice(colon + 1) };
}
