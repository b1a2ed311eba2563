/**
 * What the server does with a request:
 *
 * - `up`: takes it
 * - `error`: says 500
 * - `never`: reads it and never answers
 * - `black hole`: takes the connection, and does not even read; what it holds then, it holds until the end
 * - `slow`: takes it and answers after `slowMillis`
 * - `unavailable`: says 503, with `retryAfter`
 * - `too many`: says 429, with `retryAfter`
 * - `reset`: resets the connection in the middle of the request
 * - `reset after`: takes it and then resets the connection: the client cannot know
 * - `partial`: takes all but the first `rejects` items of it
 * - `too large`: says 413 if it has more than `maximumBytes` (not compressed), else takes it
 * - `refusing`: says 400 if one of `refused` is in it, else takes it
 * - `unauthorized`: says 401
 */
export type IngestMood =
  | 'up'
  | 'error'
  | 'never'
  | 'black hole'
  | 'slow'
  | 'unavailable'
  | 'too many'
  | 'reset'
  | 'reset after'
  | 'partial'
  | 'too large'
  | 'refusing'
  | 'unauthorized';
