import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { root } from '../../../src/cli/prepare.mjs';
import { strings } from '../../../src/app/strings.ts';

const folder = join(root, 'src/app');
const files = readdirSync(folder, { recursive: true })
  .map((path) => String(path).replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts') && path !== 'strings.ts' && !path.startsWith('styles/'))
  .map((path) => ({ path, source: ts.createSourceFile(path, readFileSync(join(folder, path), 'utf8'), ts.ScriptTarget.Latest, true) }));

/** Stands for an expression in a template. */
const HOLE = '\0';
/** Attributes that are read, aloud or as a tooltip. */
const READ = /\s(aria-label|aria-valuetext|aria-description|title|alt|placeholder|label)\s*=\s*("[^"]*"|'[^']*'|[^\s>]*)/g;
/** A word that a person reads; single letters and figures need no translation. */
const WORD = /\p{L}{2}/u;

/** What a lit template itself says: its text, and its attributes that are read. */
function saidBy(template: string): string[] {
  const markup = template.replace(/<!--.*?-->/gs, '');
  const texts = markup.replace(/<[^>]*>/gs, HOLE).split(HOLE);
  const attributes = [...markup.matchAll(READ)].map(([, , value = '']) => value.replaceAll(HOLE, ''));
  return [...texts, ...attributes].map((text) => text.trim()).filter((text) => WORD.test(text));
}

function textOf({ template }: ts.TaggedTemplateExpression): string {
  return ts.isTemplateExpression(template)
    ? [template.head, ...template.templateSpans.map(({ literal }) => literal)].map(({ text }) => text).join(HOLE)
    : template.text;
}

/** Text in code that reads like language: two words, or a capital in a place for labels. Reasons of aborts are read by nobody. */
function isSaid(node: ts.Node): boolean {
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node) && !ts.isTemplateExpression(node)) return false;
  const { parent } = node;
  if (ts.isImportDeclaration(parent) || ts.isTaggedTemplateExpression(parent)) return false;
  if (ts.isNewExpression(parent) && parent.expression.getText() === 'DOMException') return false;
  const text = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(HOLE)
    : node.text;
  if (/\p{L}{2,} \p{L}{2,}/u.test(text)) return true;
  return ts.isPropertyAssignment(parent) && /^(label|words|help|text|title)$/.test(parent.name.getText()) && /^\p{Lu}/u.test(text);
}

function* nodesIn(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodesIn(child);
}

test('what the check looks for is found', () => {
  assert.deepEqual(saidBy('<p class="muted">Lighter is nearer</p>'), ['Lighter is nearer']);
  assert.deepEqual(saidBy(`<button aria-label="Close" title=${HOLE}>${HOLE}</button>`), ['"Close"']);
  assert.deepEqual(saidBy(`<input aria-label="Remove ${HOLE}" />`), ['"Remove "']);
  assert.deepEqual(saidBy(`<dt>${HOLE}</dt><dd class="figures">${HOLE} × ${HOLE}</dd><path d="M4 6h16" />`), []);
});

test('the app’s templates hold no words of their own: they are in strings.ts', () => {
  const said = files.flatMap(({ path, source }) =>
    [...nodesIn(source)]
      .filter(ts.isTaggedTemplateExpression)
      .filter(({ tag }) => tag.getText() === 'html')
      .flatMap((node) => saidBy(textOf(node)).map((text) => `${path}: ${text}`)),
  );
  assert.deepEqual(said, []);
});

test('nor does its code', () => {
  const said = files.flatMap(({ path, source }) => [...nodesIn(source)].filter(isSaid).map((node) => `${path}: ${node.getText()}`));
  assert.deepEqual(said, []);
});

test('every string is used', () => {
  const code = files.map(({ source }) => source.text).join('\n');
  const unused = Object.entries(strings).flatMap(([screen, own]) =>
    Object.keys(own)
      .filter((key) => !new RegExp(`\\b(strings\\.)?${screen}\\.${key}\\b|\\b${key}\\b[^;]*\\} = strings\\.${screen}\\b`).test(code))
      .map((key) => `${screen}.${key}`),
  );
  assert.deepEqual(unused, []);
});

test('strings are sentences and labels, whatever is put into them', () => {
  for (const own of Object.values(strings))
    for (const [key, value] of Object.entries(own as Record<string, unknown>)) {
      const text =
        typeof value === 'function'
          ? (value as (...all: number[]) => string)(...Array.from({ length: value.length }, (_, i) => i + 2))
          : String(value);
      assert.ok(text.length > 0 && !/undefined|NaN|\[object|  /.test(text), `${key}: ${text}`);
      assert.ok(!/\bnetwork/i.test(text), `${key} says “network”, which is “model” in the app`);
    }
});
