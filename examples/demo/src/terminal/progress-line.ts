const WIDTH = 40;

/** How far a run has come: `healthy  ████░░░░  7 of 30 s`. */
export function progressLine(what: string, atSeconds: number, totalSeconds: number): string {
  const share = Math.min(1, atSeconds / totalSeconds);
  const full = Math.round(share * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  return `${what.padEnd(9)} ${bar}  ${Math.floor(atSeconds)} of about ${Math.round(totalSeconds)} s`;
}
