import { readdirSync, readlinkSync } from 'node:fs';

/** What each open descriptor of this process is open on, sorted; Linux only. */
export function openTargets(): string[] {
  return readdirSync('/proc/self/fd')
    .flatMap(name => {
      try {
        return [readlinkSync(`/proc/self/fd/${name}`)];
      } catch {
        // The one of the listing itself.
        return [];
      }
    })
    .sort();
}
