import ts from 'typescript';
import type { SlipPlace } from './slip';

/** Where slips can be made in a text of TypeScript or JavaScript. */
export function typescriptPlaces(path: string, text: string): SlipPlace[] {
  const source = parse(path, text);
  const places: SlipPlace[] = [];
  const properties = propertiesByObject(source);
  const keys = [...new Set(keysOf(source).map(({ text: key }) => key))];
  const visit = (node: ts.Node, scopes: readonly ReadonlySet<string>[]): void => {
    const inner = ts.isFunctionLike(node) || ts.isBlock(node) ? [...scopes, namesDeclaredIn(node)] : scopes;
    add(places, source, node, { scopes: inner, properties, keys });
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(source, [namesDeclaredIn(source)]);
  return places;
}

/** Whether a text has no syntax error. */
export function isValidTypescript(path: string, text: string): boolean {
  return (parse(path, text) as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics.length === 0;
}

interface Known {
  readonly scopes: readonly ReadonlySet<string>[];
  readonly properties: ReadonlyMap<string, ReadonlySet<string>>;
  readonly keys: readonly string[];
}

const comparisons: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>'],
  '>': ['>=', '<'],
  '<=': ['<', '>='],
  '>=': ['>', '<='],
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '&&': ['||'],
  '||': ['&&'],
};

function add(places: SlipPlace[], source: ts.SourceFile, node: ts.Node, known: Known): void {
  const start = node.getStart(source);
  const place = (kind: SlipPlace['kind'], choices: readonly string[], from = start, to = node.end): void => {
    if (choices.length > 0) places.push({ kind, start: from, end: to, choices });
  };
  if (ts.isIdentifier(node) && isReference(node)) place('variable', variablesFor(node.text, known.scopes));
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.name)) {
    const others = [...(known.properties.get(node.expression.getText(source)) ?? [])];
    const choices = others.filter((other) => other !== node.name.text);
    place('property', choices, node.name.getStart(source));
  }
  if (ts.isCallExpression(node)) addArguments(places, source, node);
  if (ts.isBinaryExpression(node)) {
    const operator = node.operatorToken;
    place('comparison', comparisons[operator.getText(source)] ?? [], operator.getStart(source), operator.end);
  }
  if (node.kind === ts.SyntaxKind.TrueKeyword && isValue(node)) place('comparison', ['false']);
  if (node.kind === ts.SyntaxKind.FalseKeyword && isValue(node)) place('comparison', ['true']);
  if (ts.isNumericLiteral(node) && /^\d+$/.test(node.text) && isValue(node)) {
    const value = Number(node.text);
    place('literal', value > 0 ? [String(value + 1), String(value - 1)] : ['1']);
  }
  if (ts.isAwaitExpression(node)) place('missing', [''], start, node.expression.getStart(source));
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
    place('missing', [''], start, start + 1);
  if (isKey(node)) {
    const choices = known.keys.filter((key) => key !== node.text);
    place('key', choices, start + 1, node.end - 1);
  }
}

function addArguments(places: SlipPlace[], source: ts.SourceFile, { arguments: given }: ts.CallExpression): void {
  for (let index = 0; index + 1 < given.length; index++) {
    const [left, right] = [given[index]!, given[index + 1]!];
    if (![left, right].every(isPlain)) continue;
    const [start, end] = [left.getStart(source), right.end];
    const [first, second] = [left.getText(source), right.getText(source)];
    const between = source.text.slice(left.end, right.getStart(source));
    if (first === second || between.includes('\n')) continue;
    places.push({ kind: 'arguments', start, end, choices: [second + between + first] });
  }
}

/** Names, members and literals: whoever swaps them notices nothing. */
function isPlain(node: ts.Node): boolean {
  return (
    ts.isIdentifier(node) ||
    ts.isPropertyAccessExpression(node) ||
    ts.isNumericLiteral(node) ||
    ts.isStringLiteral(node) ||
    node.kind === ts.SyntaxKind.ThisKeyword ||
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword
  );
}

function isValue({ parent }: ts.Node): boolean {
  return !ts.isLiteralTypeNode(parent);
}

function isKey(node: ts.Node): node is ts.StringLiteral {
  if (!ts.isStringLiteral(node) || !/^[\w.:-]{2,40}$/.test(node.text)) return false;
  const { parent } = node;
  return !ts.isImportDeclaration(parent) && !ts.isExportDeclaration(parent) && !ts.isExpressionStatement(parent);
}

function keysOf(source: ts.SourceFile): ts.StringLiteral[] {
  const keys: ts.StringLiteral[] = [];
  const visit = (node: ts.Node): void => {
    if (isKey(node)) keys.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return keys;
}

/** Whether an identifier reads or writes a variable: it is neither declared here nor the name of a member, a type or a key. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node;
  return (
    ts.isBinaryExpression(parent) ||
    ts.isCallExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isIfStatement(parent) ||
    ts.isWhileStatement(parent) ||
    ts.isConditionalExpression(parent) ||
    ts.isPrefixUnaryExpression(parent) ||
    ts.isElementAccessExpression(parent) ||
    ts.isParenthesizedExpression(parent) ||
    ts.isTemplateSpan(parent) ||
    ts.isSpreadElement(parent) ||
    ts.isNonNullExpression(parent) ||
    ts.isAsExpression(parent) ||
    ts.isForOfStatement(parent) ||
    ts.isArrayLiteralExpression(parent)
  );
}

/** Variables of the inner scopes; of the file's own where there are none. */
function variablesFor(name: string, scopes: readonly ReadonlySet<string>[]): string[] {
  const local = scopes.slice(1).flatMap((scope) => [...scope]);
  const isLocal = local.includes(name);
  const others = new Set(isLocal ? local : scopes.flatMap((scope) => [...scope]));
  others.delete(name);
  return [...others];
}

/** Parameters and variables that a function or block declares itself, and what a file declares or imports. */
function namesDeclaredIn(scope: ts.Node): ReadonlySet<string> {
  const names = new Set<string>();
  const take = (name: ts.BindingName | undefined): void => {
    if (name === undefined) return;
    if (ts.isIdentifier(name)) names.add(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) take(element.name);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node)) take(node.name);
    if (ts.isImportSpecifier(node) && !node.isTypeOnly) take(node.name);
    if ((ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node)) && node.name !== undefined) take(node.name);
    if (node !== scope && (ts.isFunctionLike(node) || ts.isBlock(node) || ts.isClassLike(node))) return;
    if (ts.isTypeNode(node)) return;
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return names;
}

/** Names of members by the expression whose members they are. */
function propertiesByObject(source: ts.SourceFile): ReadonlyMap<string, ReadonlySet<string>> {
  const properties = new Map<string, Set<string>>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.name)) {
      const object = node.expression.getText(source);
      properties.set(object, (properties.get(object) ?? new Set()).add(node.name.text));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return properties;
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}
