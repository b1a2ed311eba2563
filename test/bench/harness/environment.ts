import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os';

/** Where and when a run took place. */
export interface Environment {
  readonly date: string;
  readonly node: string;
  readonly v8: string;
  readonly system: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGibibytes: number;
  /** Load averages over 1, 5 and 15 minutes when the run began: how busy others kept the machine. */
  readonly loadAtStart: readonly number[];
}

export function readEnvironment(): Environment {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    node: process.version,
    v8: process.versions.v8,
    // The version without what a distribution appends to it.
    system: `${systemType()} ${/^[\d.]*/.exec(release())?.[0] ?? ''} ${process.arch}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGibibytes: Math.round((totalmem() / 2 ** 30) * 10) / 10,
    loadAtStart: loadavg().map(load => Math.round(load * 100) / 100),
  };
}
