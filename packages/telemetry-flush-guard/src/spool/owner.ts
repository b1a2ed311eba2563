/** Who writes into a folder of the spool, as its file `owner` says. */
export interface Owner {
  readonly pid: number;
  /** 0 is the main thread. */
  readonly threadId: number;
  /** When the process began, by the kernel's clock: tells it from a later one with the same number. Empty where that is not to be had. */
  readonly startTime: string;
  /** Of the running kernel. Empty where there is none. */
  readonly bootId: string;
  /** In which the number of the process means it. */
  readonly pidNamespace: string;
  readonly hostname: string;
}

/** What a process can see of others. */
export interface ProcessView {
  readonly self: Owner;
  /** The start time of the process that has this number now; undefined if there is none. */
  startTimeOf(pid: number): string | undefined;
}

/** How often a living owner touches its file. */
export const HEARTBEAT_MILLIS = 5_000;

/** An owner on this machine whose process cannot be looked at has missed three heartbeats. */
const SILENT_HERE_MILLIS = 20_000;

/** One on another machine, whose clock may be another. */
const SILENT_ELSEWHERE_MILLIS = 300_000;

/**
 * Whether whoever owns a folder is dead, so that it may be claimed. One that is only blocked and silent may be taken for dead: it finds
 * out and goes on in another folder, and what it still writes in between is read before the files are removed.
 *
 * @param owner undefined: its file cannot be read
 * @param silentMillis since its last heartbeat
 */
export function isDead(owner: Owner | undefined, silentMillis: number, view: ProcessView): boolean {
  return lifeOf(owner, silentMillis, view).isDead;
}

/** As {@link isDead}, and how that is known. */
export function lifeOf(
  owner: Owner | undefined,
  silentMillis: number,
  view: ProcessView,
): { readonly isDead: boolean; readonly why: string } {
  const { self } = view;
  const bySilence = (who: string, limitMillis: number): { isDead: boolean; why: string } => ({
    isDead: silentMillis > limitMillis,
    why: `${who}, last heartbeat ${Math.max(0, Math.round(silentMillis / 1000))} s ago`,
  });
  if (owner === undefined) return bySilence('owner unknown', SILENT_ELSEWHERE_MILLIS);
  const { pid, threadId, hostname } = owner;
  if (!isSameMachine(owner, self)) {
    return bySilence(`process ${pid} of ${hostname} or before a restart`, SILENT_ELSEWHERE_MILLIS);
  }
  if (owner.pidNamespace !== self.pidNamespace) {
    return bySilence(`process ${pid} of another container`, SILENT_HERE_MILLIS);
  }
  const startTime = view.startTimeOf(pid);
  if (startTime === undefined) return { isDead: true, why: `process ${pid} has ended` };
  if (startTime !== owner.startTime) {
    return { isDead: true, why: `process ${pid} has ended, and its number is another's` };
  }
  // A thread may have ended in a process that lives on.
  if (threadId !== 0) return bySilence(`thread ${threadId} of process ${pid}`, SILENT_HERE_MILLIS);
  return { isDead: false, why: `process ${pid} runs` };
}

function isSameMachine(one: Owner, other: Owner): boolean {
  return one.bootId === '' ? one.hostname === other.hostname : one.bootId === other.bootId;
}

export function ownerText(owner: Owner): string {
  return `${JSON.stringify(owner)}\n`;
}

/** Undefined if the text is none of {@link ownerText}'s: torn, for instance. */
export function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    return typeof owner?.pid === 'number' && typeof owner.startTime === 'string'
      ? (owner as Owner)
      : undefined;
  } catch {
    return undefined;
  }
}
