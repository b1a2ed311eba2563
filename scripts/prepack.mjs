// `prepack` of each package: writes what is published into dist/package, which is what lerna packs (`publishConfig.directory`).
import { join } from 'node:path';
import { stagePackage } from './lib/stage-package.mjs';

// npm itself knows no such folder, and would pack the one it is in.
if (['pack', 'publish'].includes(process.env.npm_command)) {
  console.error(
    'npm run pack, in the root folder, packs the packages; lerna publishes them (CONTRIBUTING.md)',
  );
  process.exit(1);
}
stagePackage(process.cwd(), join(process.cwd(), 'dist', 'package'));
