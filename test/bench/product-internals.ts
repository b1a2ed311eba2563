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

// The parts of otel-fd-watch that are measured one by one. They are not exported (and should not be), so they are
// loaded by path: the very modules that the package itself runs, in the same instance.
const load = createRequire(__filename);

function part(name: string): unknown {
  return load(join(repositoryRoot, 'packages/otel-fd-watch/dist/src', name));
}

export const { detectCounter } = part('descriptor-count.js') as typeof DescriptorCount;
export const { DescriptorDirectory } = part('descriptor-directory.js') as typeof Directory;
export const { DescriptorPressure } = part('descriptor-pressure.js') as typeof Pressure;
export const { DescriptorWatch } = part('descriptor-watch.js') as typeof Watch;
export const { KindWatch } = part('kind-watch.js') as typeof Kinds;
export const { resolveFdWatchOptions } = part('options.js') as typeof Options;
export const { hostPlatform } = part('platform.js') as typeof Platform;
export type { FdPlatform } from '../../packages/otel-fd-watch/src/platform.js';

/** Says nothing: a benchmark that fails readings is seen by its numbers. */
export const noProblems = { report: (): void => {} };
