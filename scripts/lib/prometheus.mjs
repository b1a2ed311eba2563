import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './repository.mjs';

/** @typedef {{ prometheus: string, promtool: string }} PrometheusPrograms */

const FOLDER = join(root, '.cache', 'prometheus');

/**
 * The programs of Prometheus: those that `PROMETHEUS` and `PROMTOOL` name, else those on the PATH, else Debian's package,
 * unpacked into `.cache/prometheus` and not installed, so that no service is started.
 *
 * @returns {PrometheusPrograms}
 * @throws Error if they cannot be had, saying why
 */
export function prometheusPrograms() {
  const unpacked = join(FOLDER, 'usr', 'bin');
  const found = programs() ?? programs([unpacked]);
  if (found !== undefined) return found;
  unpack();
  const fetched = programs([unpacked]);
  if (fetched === undefined) throw new Error(`${unpacked} holds no prometheus and promtool`);
  return fetched;
}

function programs(folders = (process.env.PATH ?? '').split(delimiter)) {
  const find = (name, named) =>
    named || folders.map(folder => join(folder, name)).find(path => isExecutable(path));
  const prometheus = find('prometheus', process.env.PROMETHEUS);
  const promtool = find('promtool', process.env.PROMTOOL);
  return prometheus && promtool ? { prometheus, promtool } : undefined;
}

/** In a folder aside, that takes its place when it is complete. */
function unpack() {
  const aside = `${FOLDER}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  try {
    console.log('fetching prometheus');
    // The lists first: without them apt-get knows of no package, or of one that is there no more. Only root may.
    if (process.getuid?.() === 0) run('apt-get', ['update'], aside);
    run('apt-get', ['download', 'prometheus'], aside);
    const archive = readdirSync(aside).find(name => name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get has downloaded no package');
    run('dpkg', ['-x', archive, 'unpacked'], aside);
    if (!existsSync(FOLDER)) renameSync(join(aside, 'unpacked'), FOLDER);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function run(command, args, cwd) {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(
      `Prometheus is not installed (PROMETHEUS and PROMTOOL may name it), and ${command} ${args.join(' ')} failed: ${error?.message ?? stderr.slice(-300)}`,
    );
  }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
