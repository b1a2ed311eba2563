import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { npm } from './npm-command.js';
import type { ProductPackage } from './product-packages.js';

/** Packs every package into a folder; the tarballs by package name. */
export async function packAll(
  packages: readonly ProductPackage[],
  destination: string,
): Promise<Map<string, string>> {
  const tarballs = new Map<string, string>();
  for (const { folder, manifest } of packages) {
    await npm(folder, 'pack', '--pack-destination', destination, '--loglevel=error');
    const name = `${manifest.name}-${manifest.version}.tgz`;
    if (!readdirSync(destination).includes(name)) throw new Error(`npm pack made no ${name}`);
    tarballs.set(manifest.name, join(destination, name));
  }
  return tarballs;
}

/** A folder outside of this repository, as somebody who uses the packages has one. */
export class ConsumerFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'consumer-'));

  constructor() {
    writeFileSync(join(this.path, 'package.json'), JSON.stringify({ private: true, type: 'commonjs' }));
  }

  /** Installs tarballs and packages of the registry, without install scripts. */
  async install(...what: string[]): Promise<void> {
    const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await npm(this.path, 'install', '--prefix', this.path, ...flags, ...what);
  }

  /** Copies a file of test/consumers; the path of the copy. */
  copy(name: string, as: string = name): string {
    const path = join(this.path, as);
    copyFileSync(join(repositoryRoot, 'test', 'consumers', name), path);
    return path;
  }

  write(name: string, text: string): string {
    const path = join(this.path, name);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
