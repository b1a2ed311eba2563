import type { HrTime } from '../items/otel-types.js';

// Fields as JSON.parse has read them. They are left out where an item had none, and come back so: written again, they are left out again.

const NANOS_PER_SECOND = 1_000_000_000n;

/** null: one that JSON has not. */
export type JsonNumber = number | null;

export function readNumber(value: JsonNumber): number {
  return value ?? NaN;
}

/** A field with the number, or none. */
export function numberFieldOf<Name extends string>(
  name: Name,
  value: JsonNumber | undefined,
): Readonly<Record<Name, number>> {
  const field = value === undefined ? {} : { [name]: readNumber(value) };
  return field as Readonly<Record<Name, number>>;
}

/** @throws SyntaxError or TypeError for what is no number of nanoseconds */
export function readTime(nanos: string): HrTime {
  const total = BigInt(nanos);
  return [Number(total / NANOS_PER_SECOND), Number(total % NANOS_PER_SECOND)];
}

/** @throws SyntaxError if it is no JSON, TypeError if no object */
export function readObject(bytes: Uint8Array): object {
  const read: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw new TypeError('not an item of OTLP as JSON');
  return read;
}
