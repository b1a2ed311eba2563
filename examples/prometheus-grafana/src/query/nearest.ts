/** The name among those that exist which takes the fewest changed letters; undefined if there are none. */
export function nearest(name: string, existing: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Infinity;
  for (const candidate of existing) {
    const distance = editDistance(name, candidate);
    if (distance < fewest) [best, fewest] = [candidate, distance];
  }
  return best;
}

/** `unknown metric "vitals.heap.life"; the nearest is "vitals.heap.live"`. */
export function unknownName(what: string, name: string, existing: Iterable<string>): string {
  const closest = nearest(name, existing);
  return `unknown ${what} "${name}"; ${closest === undefined ? 'there is none' : `the nearest is "${closest}"`}`;
}

/** Levenshtein's: letters put in, left out or exchanged. */
function editDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const [besides = 0, above = 0] = previous.slice(column - 1);
      const exchanged = besides + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(exchanged, above + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}
