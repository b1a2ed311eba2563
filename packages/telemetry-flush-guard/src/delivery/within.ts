/**
 * Does something, and waits for it, but not longer than that. Never rejects.
 *
 * @param keepsAlive whether waiting keeps the process alive
 * @param act may throw and reject; whether it did is not told
 */
export async function within(millis: number, act: () => Promise<unknown>, keepsAlive = true): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, Math.max(0, millis));
    if (!keepsAlive) timer.unref();
  });
  const acting = (async () => act())().catch(() => {});
  await Promise.race([acting, timeout]);
  clearTimeout(timer);
}
