// Compares the exported names of all entry points with test/public-surface.json; `--update` writes them there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { readJson, root } from './lib/repository.mjs';

const { publicSurface } = await import('../test/dist/public-surface.js');
const file = join(root, 'test', 'public-surface.json');
const surface = publicSurface();

if (process.argv.includes('--update')) {
  const options = await prettier.resolveConfig(file);
  writeFileSync(file, await prettier.format(JSON.stringify(surface), { ...options, parser: 'json' }));
  console.log('test/public-surface.json is up to date');
} else {
  const listed = readJson('test', 'public-surface.json');
  const changes = [...differences(listed, surface, '-'), ...differences(surface, listed, '+')];
  console.log(changes.length === 0 ? 'no difference' : changes.join('\n'));
  if (changes.length > 0) process.exitCode = 1;
}

/** What one surface has and the other has not. */
function differences(surface, other, sign) {
  return Object.entries(surface).flatMap(([specifier, kinds]) =>
    Object.entries(kinds).flatMap(([kind, names]) =>
      names
        .filter(name => !other[specifier]?.[kind]?.includes(name))
        .map(name => `${sign} ${specifier}: ${name} (${kind})`),
    ),
  );
}
