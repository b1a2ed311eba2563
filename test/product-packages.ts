import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import type { ProductSource } from './architecture-rules.js';

/** What the tests read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type?: string;
  readonly private?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly scripts?: Readonly<Record<string, string>>;
  /** Programs, by name. */
  readonly bin?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** A published package. */
export interface ProductPackage {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** What a JSON file of this repository says, by its path from the root. */
export function readJson(...path: string[]): unknown {
  return JSON.parse(readFileSync(join(repositoryRoot, ...path), 'utf8'));
}

/** All published packages, by name. */
export function productPackages(): ProductPackage[] {
  return readdirSync(join(repositoryRoot, 'packages'))
    .sort()
    .map(name => ({
      folder: join(repositoryRoot, 'packages', name),
      manifest: readJson('packages', name, 'package.json') as Manifest,
    }));
}

/** Every path below a folder that is a file, from the folder, with slashes, sorted. */
export function filesBelow(folder: string, isWanted: (name: string) => boolean = () => true): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap(entry => {
      if (!isWanted(entry.name)) return [];
      if (!entry.isDirectory()) return [entry.name];
      return filesBelow(join(folder, entry.name), isWanted).map(path => `${entry.name}/${path}`);
    })
    .sort();
}

/** All source files of a package. */
export function productSources({ folder, manifest }: ProductPackage): ProductSource[] {
  return filesBelow(join(folder, 'src')).map(path => ({
    package: manifest.name,
    path,
    text: readFileSync(join(folder, 'src', path), 'utf8'),
  }));
}

/** What a consumer can write after `from` or into `require()`, and what it leads to. */
export function entryPoints({ folder, manifest }: ProductPackage): { specifier: string; types: string }[] {
  return Object.entries(manifest.exports).flatMap(([subpath, target]) =>
    typeof target === 'string'
      ? []
      : [{ specifier: subpath.replace(/^\./, manifest.name), types: join(folder, target.types) }],
  );
}
