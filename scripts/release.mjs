// Makes a release: `lerna version` with conventional commits, which sets the version, writes the changelogs, commits and tags.
// Without `--yes` it does so in a throw-away clone and shows the result. Nothing is pushed or published either way.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runNpm } from './lib/npm.mjs';
import { root } from './lib/repository.mjs';

/** What has to be green. Clean first: what is left in dist of a file that is gone would be packed. */
const CHECKS = [['run', 'clean'], ['test'], ['run', 'lint']];

function git(args, cwd = root) {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trim();
}

function lernaVersion(cwd, ...flags) {
  const lerna = join(root, 'node_modules', 'lerna', 'dist', 'cli.js');
  const { status } = spawnSync(process.execPath, [lerna, 'version', '--yes', '--no-push', ...flags], {
    cwd,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`lerna version ended with ${status}`);
}

/** What a release would change, as a commit in a clone that is gone afterwards. */
function rehearse() {
  const clone = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    git(['clone', '--quiet', '--no-hardlinks', root, clone]);
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
    lernaVersion(clone);
    console.log(`\n${git(['show', '--stat', '--format=%s%n', 'HEAD'], clone)}\n`);
    console.log(readFileSync(join(clone, 'CHANGELOG.md'), 'utf8'));
    console.log('This was a rehearsal; nothing has changed. `npm run release -- --yes` does it.');
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
}

async function release() {
  const dirty = git(['status', '--porcelain']);
  if (dirty !== '') throw new Error(`the tree is not clean:\n${dirty}`);
  for (const args of CHECKS) {
    const { code } = await runNpm(args, { cwd: root });
    if (code !== 0) throw new Error(`npm ${args.join(' ')} is not green`);
  }
  if (!process.argv.includes('--yes')) {
    rehearse();
    return;
  }
  lernaVersion(root);
  console.log('Look at the commit, then: git push --follow-tags. Publishing is in CONTRIBUTING.md.');
}

try {
  await release();
} catch (error) {
  console.error(`release: ${error.message}`);
  process.exitCode = 1;
}
