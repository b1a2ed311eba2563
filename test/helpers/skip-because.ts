import type { Context } from 'mocha';

/** Skips the running test, or from a `before` hook its whole suite, with a reason that the reporter prints. */
export function skipBecause(context: Context, reason: string): never {
  const runnable = context.runnable();
  const isHook = 'type' in runnable && runnable.type === 'hook';
  Object.assign(isHook ? (runnable.parent ?? runnable) : runnable, { skipReason: reason });
  return context.skip();
}
