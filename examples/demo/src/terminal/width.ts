const ORDINARY_COLUMNS = 80;

/** Columns of a terminal; some (`script` without a terminal of its own) say that they have none. */
export function widthOf({ columns }: NodeJS.WriteStream): number {
  return columns > 0 ? columns : ORDINARY_COLUMNS;
}
