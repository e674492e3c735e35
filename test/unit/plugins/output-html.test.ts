import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { base64 } from '../../../plugins/output-html/base64.ts';
import { pageOf, type PageWords } from '../../../plugins/output-html/page-of.ts';
import { embedCode } from '../../../src/app/embed-code.ts';

const scripts = { open: 'open()', openHash: 'sha256-a', element: 'ELEMENT', elementHash: 'sha256-b', draw: 'DRAW' };
const plain: PageWords = { title: 'x', alt: 'x', credit: 'x', background: '#123456', motion: 'auto', lang: 'en' };
const page = (words: Partial<PageWords>): string => pageOf({ ...plain, ...words }, { glb: ['AA', 'AA'], poster: 'BB' }, scripts).join('');
/** All that may begin or end a tag, an attribute or a script. */
const marks = (text: string): string => text.replace(/[^<>"'`\u2028\u2029]/g, '');

test('whatever title, description and credit say, the page has the same markup', () => {
  const words = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('</script>', '<!--', ']]>', '"><img>', '\u2028', '&lt;', '\0'));
  const visible = words.map((text) => `a${text}`);
  fc.assert(
    fc.property(visible, visible, visible, words, words, (title, alt, credit, background, lang) => {
      const made = page({ title, alt, credit, background, lang });
      assert.equal(marks(made), marks(page({})));
      assert.ok(!/[\p{Cc}]/u.test(made.replaceAll('\n', '')));
      assert.match(made, /body \{ [^}]* background: #[\da-f]{6};/i);
    }),
  );
});

test('a page without words is called a 3D photo, and has no credit line', () => {
  const made = page({ title: ' ', alt: '', credit: '\n' });
  assert.match(made, /<title>3D photo<\/title>/);
  assert.match(made, /<unflat-photo alt="3D photo"/);
  assert.ok(!/<p[ >]/.test(made));
  assert.match(page({ lang: 'pt-BR' }), /<html lang="pt-BR">/);
  // Text stands out from light grounds and from dark ones.
  assert.match(page({ background: '#ffffff' }), /color: #000000/);
  assert.match(page({ background: '#000080' }), /color: #ffffff/);
});

test('what forces a direction is left out of all texts; marks that scripts need stay', () => {
  const words = '\u202egpj.exe\u202c \u2067\u05e9\u200f\u2069 caf\u00e9';
  const made = page({ title: words, alt: words, credit: words });
  assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(made));
  assert.equal(made.split('gpj.exe \u05e9\u200f caf\u00e9').length, 6, 'as title, heading, twice as description, and as credit');
});

test('base64 of any length is that of the whole', () => {
  for (const length of [0, 1, 2, 3, 24_575, 24_576, 24_577, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7) & 255);
    assert.equal(base64(bytes).join(''), Buffer.from(bytes).toString('base64'));
  }
});

test('embed code holds for any file name and description', () => {
  const code = embedCode('a "b" <c>#?.glb', '"><script>');
  assert.match(code, /<unflat-photo src="a%20%22b%22%20%3Cc%3E%23%3F\.glb" alt="&#34;&#62;&#60;script&#62;"><\/unflat-photo>/);
  assert.match(code, /<script type="module" src="unflat-view\.js"><\/script>/);
});
