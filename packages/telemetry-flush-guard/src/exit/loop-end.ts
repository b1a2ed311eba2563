/** What Node.js exits with if the main module still waits for something when the loop has run empty. */
const UNSETTLED_TOP_LEVEL_AWAIT = 13;

/** How long connections that have done their work may take to be put aside. */
const CLOSING_MILLIS = 25;

/**
 * Calls back once all listeners for the loop's end have been called, if none of them has found work for the loop. To be called from such
 * a listener, and before the others: what there is then keeps no loop going, as it has just run empty.
 */
export function ifLoopStaysEmpty(act: () => void): void {
  // A pipe that was written to is among them, though it keeps nothing alive.
  const before = process.getActiveResourcesInfo().length;
  setImmediate(() => {
    if (process.getActiveResourcesInfo().length <= before) act();
  });
}

/**
 * Ends a process that has come to its end already, if it is kept from it by what a flush has left: an exporter that waits for an answer
 * does so for ten seconds and more. If nothing is left, the process ends by itself.
 */
export function endIfKept(): void {
  setTimeout(() => process.exit(codeAtLoopEnd()), CLOSING_MILLIS).unref();
}

/**
 * `process.exit` takes for finished what the loop's end does not: a module that still waits for something. The listener that Node.js has
 * for that says so (https://nodejs.org/api/process.html#exit-codes, 13).
 */
function codeAtLoopEnd(): number | string | undefined {
  const code = process.exitCode ?? undefined;
  const isWaiting = process.listeners('exit').some(({ name }) => name === 'handleProcessExit');
  return isWaiting ? (code ?? UNSETTLED_TOP_LEVEL_AWAIT) : code;
}
