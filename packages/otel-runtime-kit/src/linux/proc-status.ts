/** Memory of a process in bytes, as `/proc/<pid>/status` states it; `null` where the kernel has no such line. */
export interface ProcessMemory {
  /** VmRSS: resident set size. */
  readonly residentBytes: number | null;
  /** VmHWM: the highest resident set size there has been. */
  readonly peakBytes: number | null;
  /** VmSize: size of the virtual address space. */
  readonly virtualBytes: number | null;
  /** RssAnon: resident anonymous memory. */
  readonly anonymousBytes: number | null;
  /** RssFile: resident file mappings. */
  readonly fileBytes: number | null;
  /** RssShmem: resident shared memory. */
  readonly sharedBytes: number | null;
  /** VmSwap: anonymous memory that is swapped out. */
  readonly swapBytes: number | null;
}

/** What there is to say when nothing could be read. */
export const UNKNOWN_PROCESS_MEMORY: ProcessMemory = Object.freeze({
  residentBytes: null,
  peakBytes: null,
  virtualBytes: null,
  anonymousBytes: null,
  fileBytes: null,
  sharedBytes: null,
  swapBytes: null,
});

const FIELDS = {
  VmRSS: 'residentBytes',
  VmHWM: 'peakBytes',
  VmSize: 'virtualBytes',
  RssAnon: 'anonymousBytes',
  RssFile: 'fileBytes',
  RssShmem: 'sharedBytes',
  VmSwap: 'swapBytes',
} as const satisfies Record<string, keyof ProcessMemory>;

/**
 * Reads the memory lines from the text of `/proc/<pid>/status` (proc_pid_status(5)). Its "kB" are units of 1024 bytes.
 *
 * @returns `undefined` if there is not a single one, as for a kernel thread or a file that is something else
 */
export function parseProcessMemory(text: string): ProcessMemory | undefined {
  const memory: { -readonly [Field in keyof ProcessMemory]: number | null } = { ...UNKNOWN_PROCESS_MEMORY };
  let found = false;
  for (const [, name, kibibytes] of text.matchAll(
    /^(Vm(?:RSS|HWM|Size|Swap)|Rss(?:Anon|File|Shmem)):[ \t]*(\d+) kB$/gm,
  )) {
    memory[FIELDS[name as keyof typeof FIELDS]] = Number(kibibytes) * 1024;
    found = true;
  }
  return found ? memory : undefined;
}
