import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of this repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A JSON file of this repository, by its path from the root. */
export function readJson(...path) {
  return JSON.parse(readFileSync(join(root, ...path), 'utf8'));
}

/** The published packages: folder and package.json of each, by name. */
export function productPackages() {
  return readdirSync(join(root, 'packages'))
    .filter(folder => existsSync(join(root, 'packages', folder, 'package.json')))
    .sort()
    .map(folder => ({
      folder: join(root, 'packages', folder),
      json: readJson('packages', folder, 'package.json'),
    }));
}
