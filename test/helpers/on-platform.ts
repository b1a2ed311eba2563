/** Runs something that asks for `process.platform`, which says meanwhile what it is given. */
export function onPlatform<Result>(platform: NodeJS.Platform, run: () => Result): Result {
  const own = Object.getOwnPropertyDescriptor(process, 'platform');
  if (own === undefined) throw new Error('process has no platform of its own');
  Object.defineProperty(process, 'platform', { ...own, value: platform });
  try {
    return run();
  } finally {
    Object.defineProperty(process, 'platform', own);
  }
}
