// Makes a fresh clone ready: installs the dependencies if need be, compiles what has changed.
// `--quiet` prints only what takes time.
import { demandSupportedNode } from './lib/node-range.mjs';

demandSupportedNode();

// Loaded only now: an older Node.js might not even parse it.
const { setUp } = await import('./lib/installation.mjs');
try {
  await setUp({ quiet: process.argv.includes('--quiet') });
} catch (error) {
  console.error(`setup: ${error.message}`);
  process.exitCode = 1;
}
