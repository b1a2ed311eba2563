import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** A process as another process sees it in procfs: shares no code with what is being checked. */
export interface OutsideView {
  readonly open: number;
  readonly sockets: number;
  readonly files: number;
  /** Resident set by the page tables themselves; the sum that `status` shows may be some pages behind. */
  readonly residentBytes: number;
  /** Resident and of no file. */
  readonly anonymousBytes: number;
  /** What the machine has left for whoever wants it. */
  readonly availableBytes: number;
}

/** Looks at another process. `undefined` where there is no procfs. */
export function lookFromOutside(pid: number): OutsideView | undefined {
  if (process.platform !== 'linux') return undefined;
  return {
    ...descriptorsOf(pid),
    ...memoryOf(pid),
    availableBytes: bytesIn('/proc/meminfo', 'MemAvailable'),
  };
}

function descriptorsOf(pid: number): Pick<OutsideView, 'open' | 'sockets' | 'files'> {
  const folder = `/proc/${pid}/fd`;
  const targets = readdirSync(folder).map(name => {
    try {
      return readlinkSync(`${folder}/${name}`);
    } catch {
      return ''; // Closed since it was listed.
    }
  });
  return {
    open: targets.length,
    sockets: targets.filter(target => target.startsWith('socket:')).length,
    files: targets.filter(target => target.startsWith('/') && !target.startsWith('/dev/')).length,
  };
}

function memoryOf(pid: number): Pick<OutsideView, 'residentBytes' | 'anonymousBytes'> {
  const path = `/proc/${pid}/smaps_rollup`;
  return { residentBytes: bytesIn(path, 'Rss'), anonymousBytes: bytesIn(path, 'Anonymous') };
}

/** The value of a line `Name:   123 kB`, which is 123 × 1,024 bytes. */
function bytesIn(path: string, name: string): number {
  const line = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(path, 'utf8'));
  if (line === null) throw new Error(`${path} has no line "${name}"`);
  return Number(line[1]) * 1_024;
}
