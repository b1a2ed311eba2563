import { diag } from '@opentelemetry/api';
import { hasDrops, previousText } from './accounting/previous-runs.js';
import type { PreviousRun } from './accounting/previous-runs.js';
import { survivalNotice } from './spool/disk-survival.js';

const NAME = 'telemetry-flush-guard';

/** Says, once at start, what is to be known of the disk. */
export function tellOfDisk(dir: string, newerFolders: readonly string[]): void {
  const notice = survivalNotice(dir);
  if (notice !== undefined) diag[notice.level](`${NAME}: ${notice.text}`);
  if (newerFolders.length === 0) return;
  diag.warn(
    `${NAME}: ${dir} has what a later version has left (${newerFolders.join(', ')}), which is left alone`,
  );
}

/** Says what a dead process had done, as its files tell. */
export function tellOfPrevious(run: PreviousRun, folder: string): void {
  const counts = run.counts();
  const process = folder.replace(/^adopted-/, '');
  if (run.newer > 0) {
    diag.warn(`${NAME}: ${run.newer} segments of process ${process} are of a later version, and left alone`);
  }
  if (counts.size === 0) return;
  const text = `${NAME}: taken over from process ${process}, which has ended: ${previousText(counts)}`;
  if (hasDrops(counts)) diag.warn(text);
  else diag.info(text);
}
