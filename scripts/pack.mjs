// Packs every package as it is published: `node scripts/pack.mjs [folder for the tarballs]`.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { runNpm } from './lib/npm.mjs';
import { productPackages } from './lib/repository.mjs';
import { stagePackage } from './lib/stage-package.mjs';

const destination = resolve(process.argv[2] ?? '.');
mkdirSync(destination, { recursive: true });
const stage = mkdtempSync(join(tmpdir(), 'stage-'));
try {
  const staged = productPackages().map(({ folder }) => {
    const path = join(stage, basename(folder));
    stagePackage(folder, path);
    return path;
  });
  const args = ['pack', ...staged, '--pack-destination', destination, '--ignore-scripts', '--loglevel=error'];
  const { code } = await runNpm(args, { cwd: stage });
  process.exitCode = code;
} finally {
  rmSync(stage, { recursive: true, force: true });
}
