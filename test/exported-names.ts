import ts from 'typescript';

/** What an entry point gives to those who import it. */
export interface ExportedNames {
  /** What exists when the program runs. */
  readonly values: readonly string[];
  /** What exists for the compiler only. */
  readonly types: readonly string[];
}

/** The names that each declaration file exports, in its order, sorted. */
export function exportedNames(declarationFiles: readonly string[]): ExportedNames[] {
  const program = ts.createProgram(declarationFiles, {
    module: ts.ModuleKind.Node20,
    target: ts.ScriptTarget.ES2022,
    types: [],
  });
  const checker = program.getTypeChecker();
  return declarationFiles.map(path => {
    const source = program.getSourceFile(path);
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    if (module === undefined) throw new Error(`${path} is missing or exports nothing`);
    const names: { values: string[]; types: string[] } = { values: [], types: [] };
    for (const symbol of checker.getExportsOfModule(module))
      (isValue(symbol, checker) ? names.values : names.types).push(symbol.name);
    return { values: names.values.sort(), types: names.types.sort() };
  });
}

function isValue(symbol: ts.Symbol, checker: ts.TypeChecker): boolean {
  if (symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration) === true) return false;
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return (target.flags & ts.SymbolFlags.Value) !== 0;
}
