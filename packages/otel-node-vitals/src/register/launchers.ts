import type { Environment } from './environment.js';

/**
 * Programs that only start others, by the name of their main file: package managers, watchers, runners of scripts. They
 * inherit NODE_OPTIONS like the application they start, would take its port and have nothing worth watching.
 */
const LAUNCHERS = new Set([
  'npm',
  'npm-cli',
  'npx',
  'npx-cli',
  'yarn',
  'yarnpkg',
  'pnpm',
  'pnpx',
  'corepack',
  'node-gyp',
  'nodemon',
  'concurrently',
  'cross-env',
  'cross-env-shell',
  'dotenv',
  'tsx',
  'npm-run-all',
  'npm-run-all2',
  'run-p',
  'run-s',
  'lerna',
  'nx',
  'turbo',
]);

/** Life-cycle scripts during an installation or a release: never a service. */
const INSTALL_SCRIPTS =
  /^(?:pre|post)?(?:install|uninstall|prepare|pack|publish|version)$|^prepublishOnly$|^dependencies$/;

/**
 * Whether this process only starts others or installs packages.
 *
 * @param mainFile `process.argv[1]`
 */
export function isLauncher(mainFile: string | undefined, environment: Environment): boolean {
  const event = environment['npm_lifecycle_event'];
  if (event !== undefined && INSTALL_SCRIPTS.test(event)) return true;
  if (mainFile === undefined) return false;
  const folders = mainFile.split(/[\\/]/);
  const name = (folders.pop() ?? '')
    .replace(/\.(?:c|m)?js$/, '')
    // .yarn/releases/yarn-4.9.1.cjs
    .replace(/-\d+(?:\.\d+)*$/, '');
  // An application's own file may be called "npm.js" or "turbo.mjs"; these lie where packages and commands do.
  const isInstalled = folders.some(folder =>
    /^(?:node_modules|bin|\.bin|releases|corepack|shims)$/.test(folder),
  );
  if (isInstalled && LAUNCHERS.has(name)) return true;
  // tsx and nodemon have main files with names that say nothing.
  const owner = folders.lastIndexOf('node_modules');
  return owner >= 0 && LAUNCHERS.has(folders[owner + 1] ?? '');
}
