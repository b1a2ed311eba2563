// Writes the version of the packages to where it stands a second time: packages/*/src/version.ts, and what examples and test workspaces
// depend on. lerna runs it when it has set a new version. `--check` writes nothing, names what is stale, and then exits with 1.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { productPackages, root } from './lib/repository.mjs';

const check = process.argv.includes('--check');
const packages = productPackages();

for (const { folder, json } of packages) {
  bring(
    join(folder, 'src', 'version.ts'),
    () => `/** Version of this package. Written by scripts/write-versions.mjs at release; a test compares it with package.json. */
export const VERSION = '${json.version}';
`,
  );
}
for (const parent of ['examples', 'test']) {
  for (const entry of readdirSync(join(root, parent))) {
    const manifest = join(root, parent, entry, 'package.json');
    if (existsSync(manifest)) bring(manifest, withOurVersions);
  }
}

function withOurVersions(text) {
  return packages.reduce(
    (result, { json }) => result.replace(new RegExp(`("${json.name}": )"[^"]*"`), `$1"${json.version}"`),
    text,
  );
}

/** Brings a file to what it should say. */
function bring(file, wantedOf) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const wanted = wantedOf(text);
  if (text === wanted) return;
  if (check) {
    console.error(`${relative(root, file)} is stale: node scripts/write-versions.mjs`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
  }
}
