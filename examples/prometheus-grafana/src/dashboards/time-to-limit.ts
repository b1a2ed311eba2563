/** Where the scale of a time to a limit begins: it is one of powers of ten, on which 0 has no place. */
export const SHORTEST_SECONDS = 10;

/** A time to a limit that stays on the scale when the limit is reached. */
export function timeToLimit(query: string): string {
  return `clamp_min(${query}, ${SHORTEST_SECONDS})`;
}
