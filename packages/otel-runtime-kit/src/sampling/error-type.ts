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
  'EMFILE',
  'ENFILE',
  'ENOENT',
  'ENOMEM',
  'ENOTDIR',
  'EOPNOTSUPP',
  'EPERM',
  'ESRCH',
  'RangeError',
  'TypeError',
  'UnexpectedContentError',
  OTHER_ERROR_TYPE,
];

const known = new Set(ERROR_TYPES);

/** Maps anything that was thrown to one of {@link ERROR_TYPES}. */
export function errorType(thrown: unknown): string {
  if (!(thrown instanceof Error)) return OTHER_ERROR_TYPE;
  const code = (thrown as NodeJS.ErrnoException).code;
  if (code !== undefined && known.has(code)) return code;
  return known.has(thrown.name) ? thrown.name : OTHER_ERROR_TYPE;
}
