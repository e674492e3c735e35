// @ts-check
/** Part of the build: what editors and catalogues of components read about the element, from its own source. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * The element as a custom elements manifest (schema 1.0.0): attributes, properties, methods, events, slots, parts and CSS properties.
 * @param {string} path of the file with the class and its event map.
 * @param {{ tag: string, className: string, eventMap: string, module: string, without?: readonly string[] }} names `module` is the file of the
 *   package that defines the tag, `without` are members of the class that do nothing there.
 * @throws Error when the class or the event map is not there.
 */
export function customElementsManifest(path, { tag, className, eventMap, module, without = [] }) {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true);
  const isCalled = (/** @type {ts.DeclarationStatement} */ node, /** @type {string} */ name) => node.name?.getText() === name;
  const element = source.statements.filter(ts.isClassDeclaration).find((node) => isCalled(node, className));
  const events = source.statements.filter(ts.isInterfaceDeclaration).find((node) => isCalled(node, eventMap));
  if (!element || !events) throw new Error(`${path} holds no ${element ? eventMap : className}.`);
  const members = element.members
    .filter(isPublic)
    .flatMap(memberOf)
    .filter(({ name }) => !without.includes(name));
  const reference = { declaration: { name: className, module } };
  return {
    schemaVersion: '1.0.0',
    modules: [
      {
        kind: 'javascript-module',
        path: module,
        declarations: [
          {
            kind: 'class',
            customElement: true,
            name: className,
            tagName: tag,
            superclass: { name: 'HTMLElement' },
            description: wordsOn(element),
            attributes: members.flatMap((member) =>
              member.attribute
                ? [
                    {
                      name: member.attribute,
                      fieldName: member.name,
                      type: member.type,
                      default: member.default,
                      description: member.description,
                    },
                  ]
                : [],
            ),
            members,
            events: events.members
              .filter(ts.isPropertySignature)
              .map((event) => ({ name: nameOf(event), type: { text: event.type?.getText() ?? 'Event' }, description: wordsOn(event) })),
            slots: tagged(element, 'slot'),
            cssParts: tagged(element, 'csspart'),
            cssProperties: tagged(element, 'cssprop'),
          },
        ],
        exports: [
          { kind: 'js', name: className, ...reference },
          { kind: 'custom-element-definition', name: tag, ...reference },
        ],
      },
    ],
  };
}

/** What a page may use: neither private, nor protected, nor Lit's own, nor what browsers call. @param {ts.ClassElement} member */
function isPublic(member) {
  if (member.name && ts.isIdentifier(member.name) && member.name.text === 'adoptedCallback') return false;
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override;
  return member.name !== undefined && !ts.isPrivateIdentifier(member.name) && (ts.getCombinedModifierFlags(member) & hidden) === 0;
}

/**
 * @typedef {{ kind: string, name: string, description: string, static?: boolean, type?: { text: string }, default?: string, readonly?: boolean, attribute?: string, reflects?: boolean,
 *   parameters?: { name: string, type: { text: string }, default?: string, optional?: boolean }[], return?: { type: { text: string } } }} Member
 */

/** @param {ts.ClassElement} member @returns {Member[]} */
function memberOf(member) {
  const isStatic = (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
  const base = { name: nameOf(member), description: wordsOn(member), ...(isStatic && { static: true }) };
  if (ts.isGetAccessorDeclaration(member)) return [{ kind: 'field', ...base, type: typeOf(member), readonly: true }];
  if (ts.isMethodDeclaration(member)) {
    const parameters = member.parameters.map((parameter) => ({
      name: parameter.name.getText(),
      type: typeOf(parameter),
      ...(parameter.initializer && { default: parameter.initializer.getText(), optional: true }),
    }));
    return [{ kind: 'method', ...base, parameters, return: { type: typeOf(member) } }];
  }
  if (!ts.isPropertyDeclaration(member)) return [];
  const options = decoratorOf(member, 'property');
  const isAttribute = options !== undefined && !/attribute:\s*false/.test(options);
  const initial = member.initializer?.getText();
  return [
    {
      kind: 'field',
      ...base,
      type: typeOf(member),
      ...(initial && { default: initial }),
      ...(isAttribute && { attribute: base.name, ...(/reflect:\s*true/.test(options) && { reflects: true }) }),
    },
  ];
}

/** The text between a decorator's brackets. @param {ts.PropertyDeclaration} member @param {string} name */
function decoratorOf(member, name) {
  for (const { expression } of ts.getDecorators(member) ?? []) {
    if (ts.isCallExpression(expression) && expression.expression.getText() === name)
      return expression.arguments.map((argument) => argument.getText()).join();
  }
  return undefined;
}

/** @param {ts.ClassElement | ts.ParameterDeclaration} node */
function typeOf(node) {
  if ('type' in node && node.type) return { text: node.type.getText() };
  const initial = 'initializer' in node ? /** @type {ts.Expression} */ (node.initializer) : undefined;
  if (initial && ts.isNumericLiteral(initial)) return { text: 'number' };
  return { text: initial && /^(true|false)$/.test(initial.getText()) ? 'boolean' : 'string' };
}

/** @param {ts.NamedDeclaration} node */
function nameOf(node) {
  const { name } = node;
  return name && ts.isStringLiteral(name) ? name.text : (name?.getText() ?? '');
}

/** The text of the comment above, without its tags. @param {ts.Node} node */
function wordsOn(node) {
  const comment = ts.getJSDocCommentsAndTags(node).findLast(ts.isJSDoc)?.comment;
  return ts.getTextOfJSDocComment(comment) ?? '';
}

/** Tags of the form `@name what - what it is`, `@name [what=default] - what it is`. @param {ts.Node} node @param {string} name */
function tagged(node, name) {
  return ts
    .getJSDocTags(node)
    .filter(({ tagName }) => tagName.text === name)
    .map(({ comment }) => {
      const [, what = '', description = ''] = /^(?:(.*?) )?- ([^]*)$/.exec((ts.getTextOfJSDocComment(comment) ?? '').trim()) ?? [];
      const [, bare = what, value] = /^\[([^=]+)=(.*)\]$/.exec(what) ?? [];
      return { name: bare, description, ...(value !== undefined && { default: value }) };
    });
}
