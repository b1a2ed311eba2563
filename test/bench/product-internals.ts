import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import type * as DescriptorCount from '../../packages/otel-fd-watch/src/descriptor-count.js';
import type * as Directory from '../../packages/otel-fd-watch/src/descriptor-directory.js';
import type * as Pressure from '../../packages/otel-fd-watch/src/descriptor-pressure.js';
import type * as Watch from '../../packages/otel-fd-watch/src/descriptor-watch.js';
import type * as Kinds from '../../packages/otel-fd-watch/src/kind-watch.js';
import type * as Options from '../../packages/otel-fd-watch/src/options.js';
import type * as Platform from '../../packages/otel-fd-watch/src/platform.js';
import type * as GcHost from '../../packages/otel-gc-instrumentation/src/platform.js';
import type * as MemoryHost from '../../packages/otel-memory-metrics/src/platform.js';
import type { GcPerformanceEntry } from '../../packages/otel-runtime-kit/src/gc/gc-pause.js';
import type * as Collections from '../../packages/otel-runtime-kit/src/gc/gc-platform.js';

// The parts of the packages that are measured one by one, or put on another clock. They are not exported (and should
// not be), so they are loaded by path: the very modules that the package itself runs, in the same instance.
const load = createRequire(__filename);

function part(packageName: string, name: string): unknown {
  return load(join(repositoryRoot, 'packages', packageName, 'dist/src', name));
}

const fdPart = (name: string): unknown => part('otel-fd-watch', name);

export const { detectCounter } = fdPart('descriptor-count.js') as typeof DescriptorCount;
export const { DescriptorDirectory } = fdPart('descriptor-directory.js') as typeof Directory;
export const { DescriptorPressure } = fdPart('descriptor-pressure.js') as typeof Pressure;
export const { DescriptorWatch } = fdPart('descriptor-watch.js') as typeof Watch;
export const { KindWatch } = fdPart('kind-watch.js') as typeof Kinds;
export const { resolveFdWatchOptions } = fdPart('options.js') as typeof Options;
export const { hostPlatform } = fdPart('platform.js') as typeof Platform;
export type { FdPlatform } from '../../packages/otel-fd-watch/src/platform.js';

export const { hostPlatform: gcHostPlatform } = part(
  'otel-gc-instrumentation',
  'platform.js',
) as typeof GcHost;
export const { hostPlatform: memoryHostPlatform } = part(
  'otel-memory-metrics',
  'platform.js',
) as typeof MemoryHost;
export const { hostGcPlatform } = part('otel-runtime-kit', 'gc/gc-platform.js') as typeof Collections;
export type { GcPlatform, GcRecord } from '../../packages/otel-runtime-kit/src/gc/gc-platform.js';
export type { GcPerformanceEntry };

/** Says nothing: a benchmark that fails readings is seen by its numbers. */
export const noProblems = { report: (): void => {} };
