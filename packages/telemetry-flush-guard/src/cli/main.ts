#!/usr/bin/env node
import { thisProcessView } from '../spool/process-view.js';
import { runCommandLine } from './command-line.js';
import { readingOnly } from './reading-file-system.js';

// Whoever reads the output may have seen enough: `… | head`.
process.stdout.on('error', () => {});

process.exitCode = runCommandLine(process.argv.slice(2), {
  files: readingOnly(),
  view: thisProcessView(),
  nowMillis: Date.now(),
  hasColours: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '',
  print: text => process.stdout.write(text),
  complain: text => process.stderr.write(text),
});
