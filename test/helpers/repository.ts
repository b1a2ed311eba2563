import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root folder of this repository. */
export const repositoryRoot: string = findRoot(__dirname);

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'lerna.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`no lerna.json above ${__dirname}`);
  return findRoot(parent);
}
