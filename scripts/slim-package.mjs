// Makes the package in the current folder smaller before it is packed (`prepack`): takes comments and spaces out of its
// compiled JavaScript, and leaves out the types that nobody can import. Who reads the code has the sources; the
// comments of the types stay, because editors show them.
import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { slimJavaScript, typesReachedFrom } from './lib/slim-output.mjs';

const dist = join(process.cwd(), 'dist');
const compiled = join(dist, 'src');
const files = readdirSync(compiled, { recursive: true }).map(path => join(compiled, path));

// Each file is replaced at once, as somebody may be loading it; what is unfinished lies where nothing is packed from.
const unfinished = mkdtempSync(join(dist, 'slim-'));
try {
  for (const file of files.filter(path => path.endsWith('.js'))) {
    const text = readFileSync(file, 'utf8');
    const slim = slimJavaScript(text, file);
    if (slim === text) continue;
    writeFileSync(join(unfinished, 'file.js'), slim);
    renameSync(join(unfinished, 'file.js'), file);
  }
} finally {
  rmSync(unfinished, { recursive: true });
}

// Not deleted: tsc would not write them again, and the day one is imported it would be missed.
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.values(exports).flatMap(({ types }) => (types === undefined ? [] : [types]));
const reached = typesReachedFrom(entries.map(path => join(process.cwd(), path)));
const unreached = files.filter(path => path.endsWith('.d.ts') && !reached.has(path));
const lines = unreached.map(path => `/${relative(compiled, path).split(sep).join('/')}\n`);
writeFileSync(join(compiled, '.npmignore'), lines.sort().join(''));
