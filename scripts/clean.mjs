// Removes what was compiled. `--all` also removes what was installed and fetched.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/repository.mjs';

// The tsbuildinfo of tsc lies in dist too: left behind, it would keep the next build from writing what is gone.
const COMPILED = ['dist'];
const FETCHED = ['node_modules', '.cache', '.nx'];
const all = process.argv.includes('--all');
const folders = ['packages', 'examples', 'test'].flatMap(parent =>
  readdirSync(join(root, parent), { withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => join(root, parent, entry.name)),
);
for (const folder of [...folders, join(root, 'test'), root]) {
  for (const name of all ? [...COMPILED, ...FETCHED] : COMPILED) {
    const path = join(folder, name);
    if (existsSync(path)) rmSync(path, { recursive: true });
  }
}
