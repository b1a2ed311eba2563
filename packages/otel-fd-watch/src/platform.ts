import { isMainThread } from 'node:worker_threads';
import { processState } from 'otel-runtime-kit/otel';
import type { SamplingRuntime } from 'otel-runtime-kit/otel';
import type { DescriptorDirectoryOptions } from './descriptor-directory.js';

/** The machine as this package sees it; tests put fixtures and their own clock in its place. */
export interface FdPlatform {
  readonly runtime: SamplingRuntime;
  /** Descriptors belong to the process: only its main thread speaks for them. */
  readonly isMainThread: boolean;
  /** `/proc/self`, where there is a procfs. */
  readonly processRoot: string | undefined;
  /** Where the open descriptors are listed, if anywhere. */
  readonly directory: DescriptorDirectoryOptions | undefined;
}

/** The machine that this process runs on. */
export function hostPlatform(): FdPlatform {
  const shared = { runtime: processState().runtime, isMainThread };
  switch (process.platform) {
    case 'linux':
    case 'android':
      return {
        ...shared,
        processRoot: '/proc/self',
        directory: { path: '/proc/self/fd', listsItself: true, sizeMayCount: true },
      };
    case 'win32':
      return { ...shared, processRoot: undefined, directory: undefined };
    default:
      // macOS and the BSDs.
      return {
        ...shared,
        processRoot: undefined,
        directory: { path: '/dev/fd', listsItself: true, sizeMayCount: false },
      };
  }
}
