import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

const ts = createRequire(import.meta.url)('typescript');

/** The files of types that can be got at from some of them, by way of relative imports; absolute paths. */
export function typesReachedFrom(entries) {
  const reached = new Set();
  const follow = file => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles)
      if (fileName.startsWith('.')) follow(resolve(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
  };
  for (const entry of entries) follow(resolve(entry));
  return reached;
}
