import { bufferLeak } from './buffer-leak.js';
import type { Fault } from './fault.js';
import { fileLeak } from './file-leak.js';
import { gcChurn } from './gc-churn.js';
import { heapLeak } from './heap-leak.js';
import { several } from './several.js';

const leaks = several([fileLeak, heapLeak, bufferLeak]);

/**
 * Leaks that are there from the start: the healthy phase is not quiet. The demo must fail with it. Without the churn,
 * which would take so much of the time that none of the leaks went at its own rate.
 */
export const alwaysControl: Fault = {
  ...leaks,
  name: 'always',
  title: 'control: every leak from the start; nothing may pass for healthy',
  isControl: true,
  beginsIn: 'healthy',
  signals: [...leaks.signals, ...gcChurn.signals],
};
