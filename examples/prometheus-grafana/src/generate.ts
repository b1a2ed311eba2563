// Writes every file of this example that is made from the catalogue. `--check` writes nothing, names what is stale, and
// then exits with 1.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { generatedFiles } from './generated-files.js';
import { repositoryRoot } from './repository.js';

const check = process.argv.includes('--check');

for (const [name, text] of generatedFiles()) {
  const path = join(repositoryRoot, name);
  if (textOf(path) === text) continue;
  const shown = relative(repositoryRoot, path);
  if (check) {
    console.error(`${shown} is stale: npm run docs`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`${shown} is up to date again`);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
