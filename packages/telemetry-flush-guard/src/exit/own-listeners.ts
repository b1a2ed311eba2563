type Listener = (...parameters: never[]) => unknown;

/** By this name all copies of this package in a thread find the same set. */
const KEY = Symbol.for('telemetry-flush-guard.signal-listeners.1');

/**
 * Listeners for signals that are guards', this one's or another's. What is not among them is the host's, who decides then whether a
 * signal ends the process: two guards must not take each other for the host, as neither would end it.
 */
function ownListeners(): Set<Listener> {
  const holder = globalThis as Record<symbol, Set<Listener> | undefined>;
  return (holder[KEY] ??= new Set());
}

/** Says that a listener is a guard's, or no longer is. */
export function markOwn(listener: Listener, isOwn: boolean): void {
  if (isOwn) ownListeners().add(listener);
  else ownListeners().delete(listener);
}

/** Who listens for a signal: the host, guards. */
export function listenersFor(signal: NodeJS.Signals): { readonly hosts: number; readonly guards: number } {
  const own = ownListeners();
  const all = process.listeners(signal);
  const guards = all.filter(listener => own.has(listener)).length;
  return { hosts: all.length - guards, guards };
}
