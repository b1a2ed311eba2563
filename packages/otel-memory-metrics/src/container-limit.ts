import { positiveNumberFromEnvironment } from 'otel-runtime-kit/options';
import type { Environment } from 'otel-runtime-kit/options';

/** Environment variable with the memory limit of the container, in MB of 1024 × 1024 bytes. */
export const CONTAINER_LIMIT_VARIABLE = 'CONTAINER_MEMORY_LIMIT_MB';

const BYTES_PER_MB = 1024 * 1024;

const LIMIT_OF_MB = 2 ** 53 / BYTES_PER_MB;

/** A limit that somebody has given, in place of the one that the kernel tells. */
export interface GivenLimit {
  readonly bytes: number;
  readonly source: 'option' | 'environment';
}

/** The option wins over the environment. A variable that makes no sense is told to `onProblem`, once, and ignored. */
export function givenLimit(
  limitBytes: number | undefined,
  environment: Environment,
  onProblem: (message: string) => void,
): GivenLimit | undefined {
  if (limitBytes !== undefined) return { bytes: limitBytes, source: 'option' };
  const megabytes = positiveNumberFromEnvironment(CONTAINER_LIMIT_VARIABLE, environment, onProblem);
  if (megabytes === undefined) return undefined;
  const bytes = Math.ceil(megabytes * BYTES_PER_MB);
  if (Number.isSafeInteger(bytes)) return { bytes, source: 'environment' };
  // From 2^53 bytes on the kernel's own numbers mean "unlimited", and no number is exact.
  onProblem(`${CONTAINER_LIMIT_VARIABLE} must be below ${LIMIT_OF_MB} MB; it is ignored`);
  return undefined;
}
