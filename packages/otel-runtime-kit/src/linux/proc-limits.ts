/** A resource limit of a process; `null` is "unlimited". */
export interface ResourceLimit {
  readonly soft: number | null;
  readonly hard: number | null;
}

/**
 * Reads the limit of open descriptors from the text of `/proc/<pid>/limits` (proc_pid_limits(5)).
 *
 * @returns `undefined` if the text has no such line or the line makes no sense
 */
export function parseOpenFilesLimit(text: string): ResourceLimit | undefined {
  const match = /^Max open files[ \t]+(unlimited|\d+)[ \t]+(unlimited|\d+)/m.exec(text);
  if (match === null) return undefined;
  return { soft: limitValue(match[1]), hard: limitValue(match[2]) };
}

function limitValue(word: string | undefined): number | null {
  return word === undefined || word === 'unlimited' ? null : Number(word);
}
