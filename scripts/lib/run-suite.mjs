import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './repository.mjs';
import { testFiles } from './suites.mjs';

/** Far more than any suite takes. One that hangs must not hold everything up until somebody looks. */
const LIMIT_MILLIS = 10 * 60_000;

/**
 * Some tests compare a process with what the kernel and V8 say of it at another moment. On a machine that is shared, which CI is,
 * such a moment can be a bad one: there, and only there, a test may be run once more, and the output says so.
 */
const RETRIES = process.env.CI ? ['--retries', '1'] : [];

/** @typedef {{ passed: number, skipped: number, failures: string[], output: string }} SuiteResult */

/**
 * Runs one suite in a mocha of its own. A mocha that dies, and a suite without tests, count as a failure each.
 *
 * @param {object} suite one of `suites`
 * @param {{ node?: string, args?: readonly string[], output?: 'inherit' | 'capture', limitMillis?: number }} [options]
 * @returns {Promise<SuiteResult>}
 */
export async function runSuite(
  suite,
  { node = process.execPath, args = [], output = 'inherit', limitMillis = LIMIT_MILLIS } = {},
) {
  const files = testFiles(suite);
  if (files.length === 0) return failed(`${suite.name}: there are no tests`);
  const folder = mkdtempSync(join(tmpdir(), 'suite-'));
  const countsFile = join(folder, 'counts.json');
  try {
    const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const { code, text } = await run(
      node,
      [mocha, '--forbid-only', ...RETRIES, '--reporter-option', `counts=${countsFile}`, ...args, ...files],
      output,
      limitMillis,
    );
    let counts;
    try {
      counts = JSON.parse(readFileSync(countsFile, 'utf8'));
    } catch {
      return failed(`${suite.name}: mocha ended early (${code})`, text);
    }
    if (code !== 0 && counts.failures.length === 0)
      counts.failures.push(`${suite.name}: mocha ended with ${code}`);
    return { ...counts, output: text };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function failed(why, output = '') {
  return { passed: 0, skipped: 0, failures: [why], output };
}

function run(command, args, output, limitMillis) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: output === 'inherit' ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    // mocha runs in a child of its own, and passes on SIGINT only.
    const timer = setTimeout(() => child.kill('SIGINT'), limitMillis);
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', chunk => (text += chunk));
    child.stderr?.setEncoding('utf8').on('data', chunk => (text += chunk));
    child.once('error', error => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: signal ?? code, text });
    });
  });
}
