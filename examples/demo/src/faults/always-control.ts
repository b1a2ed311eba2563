import { fileLeak } from './file-leak.js';
import type { Fault } from './fault.js';

/** A leak that is there from the start: the healthy phase is not quiet. The demo must fail with it. */
export const alwaysControl: Fault = {
  ...fileLeak,
  name: 'always',
  title: 'control: file-leak from the start, so the healthy phase must not pass for quiet',
  isControl: true,
  beginsIn: 'healthy',
};
