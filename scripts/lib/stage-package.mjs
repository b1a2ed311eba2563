import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { hasCode, readModule, readModules } from './compiled-modules.mjs';
import { joinModules } from './join-modules.mjs';
import { groupModules } from './module-groups.mjs';
import { typesReachedFrom } from './reached-types.mjs';

/**
 * Writes a package as it is published into a folder: few files of code in place of many modules, as each file costs whoever
 * loads it, and the types that an entry point leads to. What it is made from is only read.
 *
 * @param {string} folder of the package, compiled
 * @param {string} destination emptied first
 * @throws Error if a module of the sources would be missing
 */
export function stagePackage(folder, destination) {
  const {
    scripts: _,
    publishConfig,
    ...manifest
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const targets = Object.values(manifest.exports).filter(target => typeof target === 'object');
  const write = (path, text) => {
    const file = join(destination, relative(folder, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };

  rmSync(destination, { recursive: true, force: true });
  const programs = Object.values(manifest.bin ?? {}).map(path => join(folder, path));
  const entries = [...targets.map(target => join(folder, target.default)), ...programs];
  const modules = readModules(entries);
  demandAllSources(folder, modules);
  for (const [path, group] of groupModules(entries, modules))
    write(
      path,
      // The compiler keeps the line that makes a program of it; joining takes it for a comment.
      (programs.includes(path) ? '#!/usr/bin/env node\n' : '') +
        joinModules(group.map(each => modules.get(each))),
    );
  for (const path of typesReachedFrom(targets.map(target => join(folder, target.types))))
    write(path, readFileSync(path, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));

  const { directory: __, ...published } = publishConfig ?? {};
  if (Object.keys(published).length > 0) manifest.publishConfig = published;
  write(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const name of ['LICENSE', 'README.md']) cpSync(join(folder, name), join(destination, name));
}

/** A module that nothing leads to is loaded in a way that `readModules` does not see, or by nobody. */
function demandAllSources(folder, modules) {
  const sources = readdirSync(join(folder, 'src'), { recursive: true }).filter(path => path.endsWith('.ts'));
  for (const source of sources) {
    const path = join(folder, 'dist', 'src', source.replace(/\.ts$/, '.js'));
    if (!existsSync(path)) throw new Error(`${source} is not compiled to ${path}`);
    if (!modules.has(path) && hasCode(readModule(path)))
      throw new Error(`${path}: no entry point leads to this module`);
  }
}
