/**
 * Does something, and waits for it, but not longer than that. Keeps the process alive meanwhile. Never rejects.
 *
 * @param act may throw and reject; whether it did is not told
 */
export async function within(millis: number, act: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>(resolve => {
    timer = setTimeout(resolve, Math.max(0, millis));
  });
  const acting = (async () => act())().catch(() => {});
  await Promise.race([acting, timeout]);
  clearTimeout(timer);
}
