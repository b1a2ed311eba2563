import ts from 'typescript';

/** One place in a source text that names a module. */
export interface ImportSite {
  /** The name of the module, or `undefined` where it is computed. */
  readonly specifier: string | undefined;
  readonly line: number;
}

/** Everything in a source text that names a module: import, export … from, import type, import(), require(), require.resolve(). */
export function importSites(source: ts.SourceFile): ImportSite[] {
  const sites: ImportSite[] = [];
  const visit = (node: ts.Node): void => {
    const named = namedModule(node);
    if (named !== undefined) {
      sites.push({
        specifier: ts.isStringLiteralLike(named) ? named.text : undefined,
        line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sites;
}

/** Lines on which something is compared by `instanceof` with a name that was imported from OpenTelemetry. */
export function instanceOfOpenTelemetry(source: ts.SourceFile): number[] {
  const imported = new Set<string>();
  for (const statement of source.statements) {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) continue;
    if (!statement.moduleSpecifier.text.startsWith('@opentelemetry/')) continue;
    for (const name of importedNames(statement.importClause)) imported.add(name);
  }
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) {
      const [name] = node.right.getText(source).split('.');
      if (name !== undefined && imported.has(name))
        lines.push(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

function namedModule(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node))
    return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (ts.isCallExpression(node)) {
    const callee = node.expression;
    const isImport = callee.kind === ts.SyntaxKind.ImportKeyword;
    const isRequire = /^require(\.resolve)?$/.test(callee.getText());
    if (isImport || isRequire) return node.arguments[0] ?? node;
  }
  return undefined;
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const names: string[] = [];
  if (clause?.name !== undefined) names.push(clause.name.text);
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return names;
  if (ts.isNamespaceImport(bindings)) names.push(bindings.name.text);
  else names.push(...bindings.elements.map(element => element.name.text));
  return names;
}
