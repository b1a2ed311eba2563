// Runs before anything else and on any Node.js that knows ES modules, so it uses nothing newer.
import { readFileSync } from 'node:fs';

/**
 * Whether a version lies in a range of the forms that `engines` uses here: `^1.2.3` and `>=1.2.3`, joined by `||`.
 *
 * @param {string} version for instance `v20.19.0`
 * @param {string} range
 */
export function isInRange(version, range) {
  return range.split('||').some(part => {
    const match = /^\s*(\^|>=)(\d+\.\d+\.\d+)\s*$/.exec(part);
    if (match === null) throw new Error(`cannot read the version range "${part}"`);
    const [, operator, lowest] = match;
    return isAtLeast(version, lowest) && (operator === '>=' || parts(version)[0] === parts(lowest)[0]);
  });
}

/** Whether one version is the other or newer. Of pre-releases only the numbers count. */
export function isAtLeast(version, lowest) {
  const [actual, wanted] = [parts(version), parts(lowest)];
  for (let i = 0; i < 3; i += 1) {
    if (actual[i] !== wanted[i]) return actual[i] > wanted[i];
  }
  return true;
}

function parts(version) {
  return version
    .replace(/^v/, '')
    .split(/[.\-+]/, 3)
    .map(Number);
}

/** Ends the process, with a sentence, if this Node.js is outside the range that package.json names. */
export function demandSupportedNode() {
  const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  if (isInRange(process.version, engines.node)) return;
  console.error(
    `This repository needs Node.js ${engines.node}. This is ${process.version} (${process.execPath}).`,
  );
  process.exit(1);
}
