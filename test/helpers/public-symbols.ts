import { join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../../src/cli/prepare.mjs';

/** Something that others can name: an export of a public face, or a member of one. */
export interface PublicSymbol {
  /** `unflat/plugin: OptionSpec.min`. */
  name: string;
  /** Where it is declared: `src/plugin-api/index.ts:12`. */
  place: string;
  /** The text of its docblock without tags, '' where there is none; a heading of parameters does not count. */
  text: string;
  /** A number that a caller chooses or leaves out: it has a range and a default. */
  isNumericOption: boolean;
}

/** What `package.json` exports, and the files that it comes from; `core`, which all of them pass on in parts. */
const FACES: Readonly<Record<string, string>> = {
  unflat: 'src/element/index.ts',
  'unflat/convert': 'src/convert/index.ts',
  'unflat/plugin': 'src/plugin-api/index.ts',
  'unflat/babylon': 'src/babylon/index.ts',
  'unflat/plugin-test': 'test/contract/index.ts',
  core: 'src/core/index.ts',
};

/** All that can be reached by name from the public faces, in the compiler's own tree, and the exports of core; what other packages declare is theirs. */
export function publicSymbols(): PublicSymbol[] {
  const path = join(root, 'tsconfig.json');
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config as unknown, ts.sys, root);
  const files = Object.values(FACES).map((file) => join(root, file));
  const program = ts.createProgram([...files, join(root, 'src/modules.d.ts')], options);
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const found: PublicSymbol[] = [];

  const add = (name: string, symbol: ts.Symbol): void => {
    const target = aliased(symbol);
    if (seen.has(target)) return;
    seen.add(target);
    const declarations = (target.declarations ?? []).filter((node) => isOurs(node) && !isHidden(node));
    const [first] = declarations;
    if (!first || ts.isTypeParameterDeclaration(first)) return;
    const file = first.getSourceFile();
    found.push({
      name,
      place: `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(first.getStart()).line + 1}`,
      text: ts.displayPartsToString(target.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ').trim(),
      isNumericOption: isOption(first) && isNumber(checker.getTypeOfSymbol(target)),
    });
    for (const member of name.startsWith('core:') ? [] : declarations.flatMap(membersOf)) {
      const inner = member.name && checker.getSymbolAtLocation(member.name);
      if (inner) add(`${name}.${inner.name}`, inner);
    }
  };
  const aliased = (symbol: ts.Symbol): ts.Symbol => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  /** What stands inside: members of classes, interfaces and type literals, those of what they extend or are made of among them. */
  const membersOf = (node: ts.Node): ts.NamedDeclaration[] => {
    if (ts.isClassLike(node) || ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) {
      const bases = ts.isTypeLiteralNode(node) ? [] : (node.heritageClauses ?? []).flatMap(({ types }) => [...types]);
      return [...[...node.members].filter((member) => member.name), ...bases.flatMap(({ expression }) => declaredBy(expression))];
    }
    if (ts.isTypeAliasDeclaration(node))
      return partsOf(node.type).flatMap((part) => (ts.isTypeReferenceNode(part) ? declaredBy(part.typeName) : membersOf(part)));
    // A property's own type, where it has no name.
    if (ts.isPropertySignature(node) && node.type) return partsOf(node.type).filter(ts.isTypeLiteralNode).flatMap(membersOf);
    return [];
  };
  const declaredBy = (name: ts.Node): ts.NamedDeclaration[] => {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol ? (aliased(symbol).declarations ?? []).filter(isOurs).flatMap(membersOf) : [];
  };

  for (const [face, file] of Object.entries(FACES)) {
    const source = program.getSourceFile(join(root, file))!;
    for (const symbol of checker.getExportsOfModule(checker.getSymbolAtLocation(source)!)) add(`${face}: ${symbol.name}`, symbol);
  }
  return found;
}

const isOurs = (node: ts.Node): boolean => !node.getSourceFile().fileName.includes('node_modules');

const isNumber = (type: ts.Type): boolean =>
  (type.isUnion() ? type.types : [type]).some((each) => each.flags & ts.TypeFlags.Number) &&
  (type.isUnion() ? type.types : [type]).every((each) => each.flags & (ts.TypeFlags.Number | ts.TypeFlags.Undefined | ts.TypeFlags.Null));

/** Private members, what begins with `#`, and what a base class already says. */
function isHidden(node: ts.Declaration): boolean {
  const flags = ts.getCombinedModifierFlags(node);
  return (
    (flags & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected | ts.ModifierFlags.Override)) !== 0 ||
    ('name' in node && ts.isPrivateIdentifier(node.name as ts.Node))
  );
}

/** The types that a type is made of: of unions, intersections and lists. */
function partsOf(type: ts.TypeNode): ts.TypeNode[] {
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap(partsOf);
  if (ts.isArrayTypeNode(type)) return partsOf(type.elementType);
  return ts.isTypeOperatorNode(type) || ts.isParenthesizedTypeNode(type) ? partsOf(type.type) : [type];
}

/** Whether a caller may leave it out: a field of settings, which all have defaults, or one with a question mark in options; a property of the element. */
function isOption(node: ts.Declaration): boolean {
  const owner = 'name' in node.parent && node.parent.name ? (node.parent.name as ts.Node).getText() : '';
  if (ts.isPropertyDeclaration(node)) return owner === 'UnflatPhoto' && node.modifiers?.some(ts.isDecorator) === true;
  return (
    ts.isPropertySignature(node) &&
    (owner.endsWith('Settings') || (node.questionToken !== undefined && /(Options?|Inpainter)$/.test(owner)))
  );
}
