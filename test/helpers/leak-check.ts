import { createHook } from 'node:async_hooks';
import fs from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import type { RootHookObject } from 'mocha';

/** Frames of product code in a stack trace, compiled or (with --enable-source-maps) not. */
const PRODUCT_FRAME = /packages[\\/][^\\/]+[\\/](?:dist[\\/])?src[\\/]/;

/** Timers of product code that are set and not cleared, with where they were set. Unref'd ones too. */
const timers = new Map<number, string>();

/** Performance observers that product code has started and not disconnected. */
const observers = new Map<PerformanceObserver, string>();

function productStack(): string | undefined {
  const { stack } = new Error('set here');
  return stack !== undefined && PRODUCT_FRAME.test(stack) ? stack : undefined;
}

// process.getActiveResourcesInfo() leaves unref'd timers out, and ours are all unref'd.
const timerHook = createHook({
  init(asyncId, type) {
    if (type !== 'Timeout') return;
    const stack = productStack();
    if (stack !== undefined) timers.set(asyncId, stack);
  },
  destroy(asyncId) {
    timers.delete(asyncId);
  },
});

/* eslint-disable @typescript-eslint/unbound-method -- the originals are called with their own `this` below */
const { observe, disconnect } = PerformanceObserver.prototype;
/* eslint-enable @typescript-eslint/unbound-method */

function watchObservers(): void {
  PerformanceObserver.prototype.observe = function (this: PerformanceObserver, options) {
    const stack = productStack();
    if (stack !== undefined) observers.set(this, stack);
    observe.call(this, options);
  };
  PerformanceObserver.prototype.disconnect = function (this: PerformanceObserver) {
    observers.delete(this);
    disconnect.call(this);
  };
}

/** Descriptors that product code has opened and not closed. */
const descriptors = new Map<number, string>();

const { openSync, closeSync, readdirSync, readlinkSync } = fs;

function watchDescriptors(): void {
  fs.openSync = (...parameters) => {
    const descriptor = openSync(...parameters);
    const stack = productStack();
    if (stack !== undefined) descriptors.set(descriptor, stack);
    return descriptor;
  };
  fs.closeSync = descriptor => {
    descriptors.delete(descriptor);
    closeSync(descriptor);
  };
}

function processListeners(): Map<string, number> {
  return new Map(
    process.eventNames().map(name => [String(name), process.listeners(name as 'exit').length] as const),
  );
}

/** Files of the kernel that are held open, however they were opened: test code has no reason to. */
function heldKernelFiles(): number {
  if (process.platform !== 'linux') return 0;
  let held = 0;
  for (const descriptor of readdirSync('/proc/self/fd')) {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      if (/^\/(proc|sys)\//.test(target)) held += 1;
    } catch {
      // The descriptor of the listing itself is gone by now.
    }
  }
  return held;
}

/** `destroy` of a cleared timer comes with the next turn of the loop. */
async function nextTurn(): Promise<void> {
  await new Promise(resolve => setImmediate(resolve));
}

/** Takes what is not among those known before out of a map of what is there, as words. */
function takeNew<Key>(there: Map<Key, string>, before: ReadonlySet<Key>, what: string): string[] {
  const fresh = [...there].filter(([key]) => !before.has(key));
  for (const [key] of fresh) there.delete(key);
  return fresh.map(([, stack]) => `${what}, ${stack}`);
}

function failIfAny(left: readonly string[], who: string): void {
  if (left.length > 0) throw new Error(`${who} left behind:\n${left.join('\n')}`);
}

let timersBefore: ReadonlySet<number> = new Set();
let observersBefore: ReadonlySet<PerformanceObserver> = new Set();
let listenersBefore: ReadonlyMap<string, number> = new Map();
let descriptorsBefore: ReadonlySet<number> = new Set();
let heldBefore = 0;
let heldAtStart = 0;

/**
 * Fails a test that leaves a timer, an observer, a descriptor or a listener on `process` of ours behind; and the run, if
 * hooks around tests do.
 */
export const mochaHooks: RootHookObject = {
  beforeAll() {
    timerHook.enable();
    watchObservers();
    watchDescriptors();
    heldAtStart = heldKernelFiles();
  },
  async afterAll() {
    await nextTurn();
    timerHook.disable();
    PerformanceObserver.prototype.observe = observe;
    PerformanceObserver.prototype.disconnect = disconnect;
    Object.assign(fs, { openSync, closeSync });
    const held = heldKernelFiles() - heldAtStart;
    failIfAny(
      [
        ...takeNew(timers, new Set(), 'a timer'),
        ...takeNew(observers, new Set(), 'a performance observer'),
        ...takeNew(descriptors, new Set(), 'a descriptor'),
        ...(held > 0 ? [`${held} held kernel files`] : []),
      ],
      'hooks around tests',
    );
  },
  beforeEach() {
    timersBefore = new Set(timers.keys());
    observersBefore = new Set(observers.keys());
    descriptorsBefore = new Set(descriptors.keys());
    listenersBefore = processListeners();
    heldBefore = heldKernelFiles();
  },
  async afterEach() {
    await nextTurn();
    const held = heldKernelFiles() - heldBefore;
    heldAtStart += Math.max(0, held);
    failIfAny(
      [
        ...takeNew(timers, timersBefore, 'a timer'),
        ...takeNew(observers, observersBefore, 'a performance observer'),
        ...takeNew(descriptors, descriptorsBefore, 'a descriptor'),
        ...[...processListeners()]
          .filter(([name, count]) => count > (listenersBefore.get(name) ?? 0))
          .map(([name]) => `a process listener for "${name}"`),
        ...(held > 0 ? [`${held} held kernel files`] : []),
      ],
      'the test',
    );
  },
};
