import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { npm } from './npm-command.js';
import type { ProductPackage } from './product-packages.js';

/** Packs the packages as they are published; the tarballs by package name. */
export async function packAll(
  packages: readonly ProductPackage[],
  destination: string,
): Promise<Map<string, string>> {
  const { code, stdout, stderr } = await runFixture(join(repositoryRoot, 'scripts', 'pack.mjs'), {
    args: [destination],
    timeoutMillis: 120_000,
  });
  if (code !== 0) throw new Error(`the packages cannot be packed:\n${stdout}${stderr}`);
  return new Map(
    packages.map(({ manifest: { name, version } }) => {
      const tarball = join(destination, `${name}-${version}.tgz`);
      if (!existsSync(tarball)) throw new Error(`there is no ${tarball}`);
      return [name, tarball];
    }),
  );
}

/** A folder outside of this repository, as somebody who uses the packages has one. */
export class ConsumerFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'consumer-'));

  constructor() {
    this.#change({ private: true, type: 'commonjs' });
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

  /** A script for `npm run`. */
  addScript(name: string, command: string): void {
    this.#change({ scripts: { [name]: command } });
  }

  /** Removes the folder with all that is installed in it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #change(fields: object): void {
    const path = join(this.path, 'package.json');
    const before = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : {};
    writeFileSync(path, JSON.stringify({ ...before, ...fields }));
  }
}
