/** One offer of a catalogue. */
export interface Offer {
  readonly sku: number;
  readonly cents: number;
  readonly stock: number;
}

// Sizes on a 64-bit V8 without pointer compression, which Node.js is: map, properties, elements and three numbers for
// an offer; map, properties, elements, length for the array, map, length and a pointer each for what it holds.
const OFFER_BYTES = 6 * 8;
const ARRAY_BYTES = 4 * 8 + 2 * 8;
const POINTER_BYTES = 8;

/** Makes so many offers, each an object of its own. */
export function makeOffers(count: number): Offer[] {
  const offers = new Array<Offer>(count);
  for (let sku = 0; sku < count; sku += 1) offers[sku] = { sku, cents: 1_250 - (sku % 100), stock: count };
  return offers;
}

/** What {@link makeOffers} takes on the V8 heap, in bytes. */
export function bytesOfOffers(count: number): number {
  return ARRAY_BYTES + count * (POINTER_BYTES + OFFER_BYTES);
}
