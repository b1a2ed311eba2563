import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * The command that starts npm: the one that runs this script if there is one, else the one beside this Node.js, else the first on the PATH.
 * A script is preferred over `npm.cmd`, which Windows starts only through a shell.
 */
function npmCommand() {
  const folder = dirname(process.execPath);
  const script = [
    process.env.npm_execpath,
    join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find(path => path !== undefined && basename(path) === 'npm-cli.js' && existsSync(path));
  if (script !== undefined) return { command: process.execPath, first: [script], shell: false };
  return { command: 'npm', first: [], shell: process.platform === 'win32' };
}

/** The environment without what an `npm run` around us says about itself: it would be taken for this npm's own. */
function environment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle)_|^npm_config_(local_prefix|global_prefix|prefix)$/i.test(name),
    ),
  );
}

/**
 * Runs npm without standard input.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, output?: 'inherit' | 'capture' }} options
 * @returns {Promise<{ code: number, output: string }>} `output` is empty unless captured
 */
export function runNpm(args, { cwd, output = 'inherit' }) {
  const { command, first, shell } = npmCommand();
  const stdio = output === 'inherit' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...first, ...args], { cwd, shell, stdio, env: environment() });
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', chunk => (text += chunk));
    child.stderr?.setEncoding('utf8').on('data', chunk => (text += chunk));
    child.once('error', error => {
      reject(new Error(`npm cannot be started (${error.message}); is it installed?`, { cause: error }));
    });
    child.once('close', (code, signal) => {
      resolve({ code: signal === null ? (code ?? 1) : 1, output: text });
    });
  });
}
