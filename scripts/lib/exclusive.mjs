import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const BEAT_MILLIS = 2_000;
/** A holder that has not said for this long that it lives was killed. Process ids would not do: containers share folders. */
const STALE_MILLIS = 15_000;

/**
 * Does something while no other process does it.
 *
 * @template Result
 * @param {string} lock path of the lock file
 * @param {() => void} onWait called once if somebody else is at it
 * @param {() => Promise<Result>} work must leave the event loop free, which keeps the lock fresh
 */
export async function exclusively(lock, onWait, work) {
  mkdirSync(dirname(lock), { recursive: true });
  let told = false;
  while (!take(lock)) {
    if (!told) onWait();
    told = true;
    await delay(200);
  }
  const release = () => rmSync(lock, { force: true });
  const stop = () => process.exit(1);
  process.once('exit', release).once('SIGINT', stop).once('SIGTERM', stop);
  const beat = setInterval(() => keepFresh(lock), BEAT_MILLIS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    process.off('exit', release).off('SIGINT', stop).off('SIGTERM', stop);
    release();
  }
}

function take(lock) {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    // Windows says EPERM while the file is on its way out.
    if (error.code !== 'EEXIST' && !(error.code === 'EPERM' && process.platform === 'win32')) throw error;
  }
  if (isStale(lock)) removeStale(lock);
  return false;
}

function keepFresh(lock) {
  try {
    utimesSync(lock, new Date(), new Date());
  } catch {
    // This machine slept, and somebody thought us dead. The work goes on: both write the same.
  }
}

function isStale(path) {
  try {
    return Date.now() - statSync(path).mtimeMs > STALE_MILLIS;
  } catch {
    return false;
  }
}

/** One process at a time, and each looks again: between the first look and the removal another one may have taken the lock. */
function removeStale(lock) {
  const guard = `${lock}.guard`;
  try {
    writeFileSync(guard, '', { flag: 'wx' });
  } catch {
    if (isStale(guard)) rmSync(guard, { force: true });
    return;
  }
  if (isStale(lock)) rmSync(lock, { force: true });
  rmSync(guard, { force: true });
}
