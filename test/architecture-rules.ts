import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';
import { importSites, instanceOfOpenTelemetry } from './import-sites.js';

/** Who may import what, by name. */
export type AllowedImports = ReadonlyMap<string, ReadonlySet<string>>;

/** The tables of docs/architecture.md. */
export interface ArchitectureRules {
  /** Packages that a package may import. */
  readonly packages: AllowedImports;
  /** By package that has floors: folders (or files at the root of `src`) and packages that a folder of it may import. */
  readonly folders: ReadonlyMap<string, AllowedImports>;
}

/** A source file of a package. */
export interface ProductSource {
  readonly package: string;
  /** From the package's `src`, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Names that say nothing about what is inside. */
const BANNED_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'base']);

/** The first table after `<!-- marker -->` in a Markdown text: first column → the names in backticks of the second. */
export function readAllowedImports(markdown: string, marker: string): AllowedImports {
  const section = markdown.split(`<!-- ${marker} -->`)[1]?.split(`<!-- /${marker} -->`)[0];
  if (section === undefined) throw new Error(`no section "${marker}"`);
  const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1]!);
  const rows = section
    .split('\n')
    .map(line => line.split('|').map(cell => names(cell)))
    .filter(([, subject]) => subject?.length === 1)
    .map(([, subject, allowed]) => [subject![0]!, new Set(allowed)] as const);
  return new Map(rows);
}

/** Everything in the sources that the rules forbid, each as `package/src/file:line what`. */
export function architectureProblems(sources: readonly ProductSource[], rules: ArchitectureRules): string[] {
  const files = new Set(sources.map(source => `${source.package}/${source.path}`));
  const relativeEdges = new Map<string, string[]>();
  const problems: string[] = [];
  for (const product of sources) {
    const id = `${product.package}/${product.path}`;
    const where = `${product.package}/src/${product.path}`;
    const parsed = parse(product);
    const edges: string[] = [];
    relativeEdges.set(id, edges);
    for (const { specifier, line } of importSites(parsed)) {
      const report = (what: string): number => problems.push(`${where}:${line} ${what}`);
      if (specifier === undefined) report('imports something computed');
      else if (specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(product.path), specifier).replace(/\.js$/, '.ts');
        if (!files.has(`${product.package}/${target}`))
          report(`imports ${specifier}, which is not in the package's src`);
        else {
          edges.push(`${product.package}/${target}`);
          forbiddenFolder(product, target, rules).forEach(report);
        }
      } else forbiddenPackage(product, specifier, rules).forEach(report);
    }
    for (const line of instanceOfOpenTelemetry(parsed))
      problems.push(
        `${where}:${line} uses instanceof on something of OpenTelemetry; there may be several copies`,
      );
    if (
      posix
        .basename(product.path, '.ts')
        .split('-')
        .some(word => BANNED_WORDS.has(word))
    )
      problems.push(`${where}:1 has a name that does not say what is in it`);
  }
  return [...problems, ...cycles(relativeEdges).map(cycle => `imports in a circle: ${cycle}`)];
}

/** Names of the packages that a source imports. */
export function importedPackages(source: ProductSource): Set<string> {
  const names = importSites(parse(source)).flatMap(({ specifier }) =>
    specifier === undefined || specifier.startsWith('.') || isBuiltin(specifier)
      ? []
      : [packageName(specifier)],
  );
  return new Set(names);
}

function parse({ path, text }: ProductSource): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function folderOf(path: string): string {
  return path.split('/')[0]!.replace(/\.ts$/, '');
}

function forbiddenFolder(from: ProductSource, to: string, { folders }: ArchitectureRules): string[] {
  const table = folders.get(from.package);
  const [here, there] = [folderOf(from.path), folderOf(to)];
  // Files at the root of a package put its folders together.
  const isWiring = !from.path.includes('/') && table?.has(here) !== true;
  if (table === undefined || isWiring || here === there || table.get(here)?.has(there) === true) return [];
  return [`${here}/ may not import ${there} (table of its package's folders)`];
}

function forbiddenPackage(product: ProductSource, specifier: string, rules: ArchitectureRules): string[] {
  if (isBuiltin(specifier))
    return specifier.startsWith('node:') ? [] : [`imports ${specifier} without node:`];
  const name = packageName(specifier);
  const allowed = rules.packages.get(product.package);
  if (allowed === undefined) return [`imports ${name}, but ${product.package} has no row in the table`];
  if (!allowed.has(name)) return [`imports ${name}, which the table does not allow`];
  const table = rules.folders.get(product.package);
  const folder = folderOf(product.path);
  if (table === undefined || !product.path.includes('/') || table.get(folder)?.has(name) === true) return [];
  return [`${folder}/ may not import ${name} (table of its package's folders)`];
}

/** Each circle once, as `a -> b -> a`. */
export function cycles(edges: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): void => {
    const start = path.indexOf(node);
    if (start >= 0) {
      found.push([...path.slice(start), node].join(' -> '));
      return;
    }
    if (finished.has(node)) return;
    path.push(node);
    for (const next of edges.get(node) ?? []) visit(next);
    path.pop();
    finished.add(node);
  };
  for (const node of edges.keys()) visit(node);
  return found;
}
