// Runs the whole fault matrix, which takes half an hour, and writes its table into docs/faults.md. `--quick` runs a cell of each kind, as
// `npm test` does, and writes nothing.
// `--runs 100` kills fewer processes at random (default 1,000), `--hours 1` is a shorter time without an endpoint (default 24).
// `--sdk 3` takes the other SDK, `--exit SIGTERM` some of the exits: with these two, nothing is written.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { closeWith } from './lib/closing-line.mjs';
import { root } from './lib/repository.mjs';
import { runSuite } from './lib/run-suite.mjs';
import { suites } from './lib/suites.mjs';

const args = process.argv.slice(2);
if (args.includes('--quick')) {
  const suite = suites.find(({ name }) => name === 'faults');
  closeWith([await runSuite(suite, { args: args.filter(arg => arg !== '--quick') })]);
} else await runMatrix();

async function runMatrix() {
  const isWhole = !args.some(arg => /^--(sdk|exit)\b/.test(arg));
  const document = join(root, 'docs', 'faults.md');
  const folder = mkdtempSync(join(tmpdir(), 'faults-table-'));
  const output = join(folder, 'faults.md');
  try {
    const matrix = join(root, 'test', 'faults', 'dist', 'matrix.js');
    const { status, signal } = spawnSync(process.execPath, [matrix, '--output', output, ...args], {
      stdio: 'inherit',
    });
    if (signal !== null) console.error(`the matrix was ended by ${signal}`);
    if (status === 0 && isWhole) {
      const config = await resolveConfig(document);
      writeFileSync(document, await format(readFileSync(output, 'utf8'), { ...config, parser: 'markdown' }));
    }
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
