/** A number as it is written: as a text if JSON cannot have it, null if none was given. */
export type EncodedNumber = number | string | null;

/**
 * A number as JSON, or as what a join of parts makes JSON of.
 *
 * @throws TypeError for something else, which an application in plain JavaScript may hand in
 */
export function numberJson(value: number | null | undefined): string | number {
  if (value === undefined || value === null) return 'null';
  if (Number.isFinite(value)) return value;
  const type: string = typeof value;
  if (type !== 'number') throw new TypeError(`a number is of type ${type}`);
  return `"${value}"`;
}

/** What {@link numberJson} was given, from what JSON.parse has read; the other if it was given none. */
export function decodeNumber<Other>(encoded: EncodedNumber, other: Other): number | Other {
  if (encoded === null) return other;
  return typeof encoded === 'number' ? encoded : Number(encoded);
}
