import { hasDrops, previousText } from './accounting/previous-runs.js';
import type { PreviousRun } from './accounting/previous-runs.js';
import type { DiskTrouble } from './pipeline/guard-disk.js';
import { survivalNotice } from './spool/disk-survival.js';
import { tell } from './tell.js';

/**
 * What is said of the disk, each thing once. It is held back until it can be heard: a guard is made before the SDK it is given to, which is
 * what sets up the logger that OTEL_LOG_LEVEL asks for.
 */
export class DiskNotices {
  readonly #dir: string;
  #held: (() => void)[] | undefined = [];

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Says what has been held back. From now on each is said as it comes. */
  release(): void {
    const held = this.#held;
    this.#held = undefined;
    for (const say of held ?? []) say();
  }

  /** What is to be known of a disk that can be written. */
  opened(newerFolders: readonly string[]): void {
    const dir = this.#dir;
    const notice = survivalNotice(dir);
    if (notice !== undefined) this.#say(notice.level, notice.text);
    if (newerFolders.length === 0) return;
    this.#say(
      'warn',
      `${dir} has what a later version has left (${newerFolders.join(', ')}), which is left alone`,
    );
  }

  /** @param trouble undefined: it is over */
  trouble(trouble: DiskTrouble | undefined): void {
    const dir = this.#dir;
    if (trouble === undefined) this.#say('info', `${dir} can be written again`);
    else {
      this.#say(
        'warn',
        `${dir} cannot be used (${trouble.code}: ${trouble.message}); what is not yet sent is kept in memory only`,
      );
    }
  }

  #say(level: 'warn' | 'info', text: string): void {
    if (this.#held === undefined) tell(level, text);
    else
      this.#held.push(() => {
        tell(level, text);
      });
  }
}

/** Says what a dead process had done, as its files tell. */
export function tellOfPrevious(run: PreviousRun, folder: string): void {
  const counts = run.counts();
  const process = folder.replace(/^adopted-/, '');
  if (run.newer > 0) {
    tell('warn', `${run.newer} segments of process ${process} are of a later version, and left alone`);
  }
  if (counts.size === 0) return;
  tell(
    hasDrops(counts) ? 'warn' : 'info',
    `taken over from process ${process}, which has ended: ${previousText(counts)}`,
  );
}

/** Says that an exporter cannot send, with its first reason, and that it can again: once each. And what is not taken for good. */
export class SendNotices {
  readonly #failing = new Set<string>();
  readonly #rejecting = new Set<string>();

  /** @param failure why an attempt has failed; undefined: it has not */
  attempted(lane: string, failure: string | undefined): void {
    if (failure === undefined) {
      if (this.#failing.delete(lane)) tell('info', `${lane} can be sent again`);
    } else if (!this.#failing.has(lane)) {
      this.#failing.add(lane);
      tell('warn', `${lane} cannot be sent (${failure}); they wait, and are tried again`);
    }
  }

  /** Items are dropped, as the endpoint will never take them. */
  rejected(lane: string, count: number, why: string): void {
    if (this.#rejecting.has(lane)) return;
    this.#rejecting.add(lane);
    tell('warn', `${count} of ${lane} were rejected, and are dropped (${why}); said once, and counted`);
  }
}
