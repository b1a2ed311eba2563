import { join } from 'node:path';
import type { RemoteSetting } from './harness/benchmark.js';
import { startRemoteSetting } from './harness/remote-setting.js';

/** What a process of `watched-process.ts` can be. */
export type Role = 'allocating' | 'http' | 'memory' | 'collections';

/** The SDK alone, the same once more for the A/A control, and the SDK with all our instrumentations. */
export const [BARE, BARE_AGAIN, WATCHED] = ['bare', 'bare again', 'watched'] as const;

/** All three. */
export const NAMES = [BARE, BARE_AGAIN, WATCHED] as const;

// Type aliases, not interfaces, as these travel as samples: records of numbers.

/** Units of work a second, and seconds of CPU time a unit, of all threads. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type WorkFigures = { readonly throughput: number; readonly cpu: number };

/** Seconds of CPU time so far, and the share of time that the event loop was busy since the last look. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type ServiceUsage = { readonly cpu: number; readonly utilization: number };

/** Bytes. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type MemoryFigures = { readonly resident: number; readonly anonymous: number };

/**
 * Starts one of {@link NAMES} in the role.
 *
 * @param modulesOf the folder from which it loads the SDK and our packages; by default as all benchmarks do
 */
export function startWatchedProcess(
  role: Role,
  name: string,
  modulesOf: string = __dirname,
): Promise<RemoteSetting> {
  return startRemoteSetting(name, join(__dirname, 'watched-process.js'), [role, name, modulesOf]);
}
