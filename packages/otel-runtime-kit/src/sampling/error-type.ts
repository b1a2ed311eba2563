/** What an error is counted under when it is none of the known ones; the name is OpenTelemetry's. */
export const OTHER_ERROR_TYPE = '_OTHER';

/** Raised by our own parsers when a file is there but does not say what it should. */
export class UnexpectedContentError extends Error {
  override readonly name = 'UnexpectedContentError';
}

/**
 * The values that the attribute `error.type` of `vitals.sampler.errors` can take: a fixed list, so that a strange
 * error can never grow the number of series.
 */
export const ERROR_TYPES: readonly string[] = [
  'EACCES',
  'EBADF',
  'EINVAL',
  'EIO',
  'EISDIR',
  'EMFILE',
  'ENFILE',
  'ENODEV',
  'ENOENT',
  'ENOMEM',
  'ENOTDIR',
  'ENOTSUP',
  'EPERM',
  'ESRCH',
  'RangeError',
  'TypeError',
  'UnexpectedContentError',
  OTHER_ERROR_TYPE,
];

const known = new Set(ERROR_TYPES);

/**
 * Maps anything that was thrown to one of {@link ERROR_TYPES}. By shape, not `instanceof Error`: under Jest the errors
 * of node:fs come from another realm (jestjs/jest#2549).
 */
export function errorType(thrown: unknown): string {
  try {
    const { code, name } = Object(thrown) as { readonly code?: unknown; readonly name?: unknown };
    if (typeof code === 'string' && known.has(code)) return code;
    return typeof name === 'string' && known.has(name) ? name : OTHER_ERROR_TYPE;
  } catch {
    // A host's callback may throw anything, even something whose getters throw.
    return OTHER_ERROR_TYPE;
  }
}
