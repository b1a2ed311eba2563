import { createHook } from 'node:async_hooks';
import { readdirSync, readlinkSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import type { RootHookObject } from 'mocha';

/** Frames of product code, compiled, in a stack trace. */
const PRODUCT_FRAME = /packages[\\/][^\\/]+[\\/]dist[\\/]src[\\/]/;

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

function processListeners(): Map<string, number> {
  return new Map(
    process.eventNames().map(name => [String(name), process.listeners(name as 'exit').length] as const),
  );
}

/** Kernel files that are held open: the descriptors that product code keeps. */
function heldKernelFiles(): number {
  if (process.platform !== 'linux') return 0;
  let held = 0;
  for (const descriptor of readdirSync('/proc/self/fd')) {
    try {
      const target = readlinkSync(`/proc/self/fd/${descriptor}`);
      if (/^\/(proc|sys)\/.*(limits|status|cgroup|memory|tcp6?)/.test(target)) held += 1;
    } catch {
      // The descriptor of the listing itself is gone by now.
    }
  }
  return held;
}

let listenersBefore = new Map<string, number>();
let heldBefore = 0;

/** Fails a test that leaves a timer, an observer, a listener on `process` or a held kernel file of ours behind. */
export const mochaHooks: RootHookObject = {
  beforeAll() {
    timerHook.enable();
    watchObservers();
  },
  afterAll() {
    timerHook.disable();
    PerformanceObserver.prototype.observe = observe;
    PerformanceObserver.prototype.disconnect = disconnect;
  },
  beforeEach() {
    timers.clear();
    observers.clear();
    listenersBefore = processListeners();
    heldBefore = heldKernelFiles();
  },
  async afterEach() {
    // `destroy` of a cleared timer comes with the next turn of the loop.
    await new Promise(resolve => setImmediate(resolve));
    const left = [
      ...[...timers.values()].map(stack => `a timer, ${stack}`),
      ...[...observers.values()].map(stack => `a performance observer, ${stack}`),
      ...[...processListeners()]
        .filter(([name, count]) => count > (listenersBefore.get(name) ?? 0))
        .map(([name]) => `a process listener for "${name}"`),
    ];
    const held = heldKernelFiles() - heldBefore;
    if (held > 0) left.push(`${held} held kernel files`);
    if (left.length > 0) throw new Error(`the test left behind:\n${left.join('\n')}`);
  },
};
