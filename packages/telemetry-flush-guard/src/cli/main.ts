#!/usr/bin/env node
import { constants } from 'node:os';
import { realFileSystem } from '../spool/file-system.js';
import { thisProcessView } from '../spool/process-view.js';
import { runCommandLine } from './command-line.js';
import { drainCommand } from './drain-command.js';
import type { DrainWorld } from './drain-command.js';
import { readingOnly } from './reading-file-system.js';

// Whoever reads the output may have seen enough: `… | head`.
process.stdout.on('error', () => {});

const view = thisProcessView();
const hasColours = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
const print = (text: string): void => void process.stdout.write(text);
const complain = (text: string): void => void process.stderr.write(text);

/** Once each: the second time, the process ends as it would without a listener. */
function onSignal(listener: (signal: number) => void): () => void {
  const listeners = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map(name => {
    const heard = (): void => {
      listener(constants.signals[name]);
    };
    process.once(name, heard);
    return () => process.removeListener(name, heard);
  });
  return () => {
    for (const remove of listeners) remove();
  };
}

const drainWorld: DrainWorld = {
  files: realFileSystem,
  view,
  uid: process.getuid?.(),
  env: process.env,
  hasColours,
  progress: { columns: process.stderr.isTTY ? () => process.stderr.columns : undefined, write: complain },
  waits: { retryFirstMillis: 1_000, retryLongestMillis: 30_000 },
  random: Math.random,
  // Together with what comes after it, three seconds at most.
  graceMillis: 2_500,
  print,
  complain,
  output: bytes =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, error => {
        if (error) reject(error);
        else resolve();
      });
    }),
  onSignal,
};

const ended = runCommandLine(process.argv.slice(2), {
  files: readingOnly(),
  view,
  nowMillis: Date.now(),
  hasColours,
  print,
  complain,
  drain: request => drainCommand(request, drainWorld),
});
void Promise.resolve(ended).then(code => {
  process.exitCode = code;
});
