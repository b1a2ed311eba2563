import { readdirSync, readlinkSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/** A process's descriptors as another process sees them in procfs: shares no code with what is being checked. */
export interface OutsideView {
  readonly open: number;
  readonly sockets: number;
  readonly files: number;
}

/** Lists another process's descriptors. `undefined` where there is no procfs. */
export function lookFromOutside(pid: number): OutsideView | undefined {
  if (process.platform !== 'linux') return undefined;
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

/**
 * The limit of open descriptors, in the words of the shell, which inherits it. Node has by now raised its own soft
 * limit to the hard one, as it has in the service.
 *
 * @returns Infinity where there is none
 */
export function shellDescriptorLimit(): number {
  const text = execFileSync('/bin/sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return text === 'unlimited' ? Infinity : Number(text);
}
