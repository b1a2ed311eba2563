import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from './exclusive.mjs';
import { runNpm } from './npm.mjs';
import { root } from './repository.mjs';

const nodeModules = join(root, 'node_modules');
const stampFile = join(nodeModules, '.installed-for.json');

/** What the installed dependencies depend on. */
function wantedStamp() {
  return JSON.stringify({
    lock: createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .digest('hex'),
    node: process.versions.node.split('.')[0],
    platform: `${process.platform}-${process.arch}`,
  });
}

function installedStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;
}

/** Says that what is in node_modules is what the lock file asks for on this machine. */
export function writeStamp() {
  writeFileSync(stampFile, wantedStamp());
}

/**
 * Installs what the lock file says, if it is not installed yet, and compiles what has changed.
 *
 * @param {{ quiet: boolean }} options `quiet` speaks only of what takes time
 * @throws Error with the sentence for the user
 */
export async function setUp({ quiet }) {
  const say = text => console.log(`setup: ${text}`);
  await exclusively(
    join(root, '.cache', 'setup.lock'),
    () => say('waiting for another set-up in this folder'),
    async () => {
      if (installedStamp() === wantedStamp()) {
        if (!quiet) say('the dependencies are installed');
      } else {
        say('installing the dependencies (npm ci), a minute or so');
        await install();
      }
      if (!quiet) say('compiling (tsc -b)');
      await compile();
    },
  );
}

async function install() {
  // No dependency needs an install script. npm 10 does not know `allowScripts` in package.json yet.
  const { code } = await runNpm(['ci', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: root,
  });
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}; its message is above`);
  writeStamp();
}

async function compile() {
  const compiler = join(nodeModules, 'typescript', 'bin', 'tsc');
  const code = await new Promise((resolve, reject) => {
    spawn(process.execPath, [compiler, '-b'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
      .once('error', reject)
      .once('close', resolve);
  });
  if (code !== 0) throw new Error('the code does not compile; the messages of tsc are above');
}
