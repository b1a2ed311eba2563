/** A limit, as soon as it is near enough not to press what it limits to the floor of the panel. */
export function limitInSight(limit: string, taken: string): string {
  return `${limit} < 4 * ${taken}`;
}
