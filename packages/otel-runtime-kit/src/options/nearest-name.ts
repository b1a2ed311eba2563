/**
 * The name that a misspelt one most likely means, or `undefined` if none is near. Case does not count.
 *
 * @param mostEdits how many letters may have to change at most; by default a third of them
 */
export function nearestName(
  name: string,
  names: readonly string[],
  mostEdits = Math.floor(name.length / 3),
): string | undefined {
  let nearest: string | undefined;
  let fewest = mostEdits + 1;
  for (const candidate of names) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < fewest) {
      fewest = edits;
      nearest = candidate;
    }
  }
  return nearest;
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
