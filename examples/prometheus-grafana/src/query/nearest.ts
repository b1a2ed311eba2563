import { nearestName } from 'otel-runtime-kit/options';

/** The name among those that exist which takes the fewest changed letters, however many; undefined if there are none. */
export function nearest(name: string, existing: Iterable<string>): string | undefined {
  return nearestName(name, [...existing], Infinity);
}

/** `unknown metric "vitals.heap.life"; the nearest is "vitals.heap.live"`. */
export function unknownName(what: string, name: string, existing: Iterable<string>): string {
  const closest = nearest(name, existing);
  return `unknown ${what} "${name}"; ${closest === undefined ? 'there is none' : `the nearest is "${closest}"`}`;
}
