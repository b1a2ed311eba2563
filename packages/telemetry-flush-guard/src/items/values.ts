// Values of attributes and log bodies as JSON, and back, with nothing changed on the way: JSON alone has no bytes, no bigint, no NaN, no
// infinities, no -0 and no undefined, and lets an object with `toJSON` say something else.

/** Something that JSON.stringify writes and JSON.parse reads back as it is. */
export type Encoded = unknown;

/** Deeper than any telemetry; a value that contains itself is found out by it. */
const DEEPEST = 64;

const TAG = '$';

/** Name, value, whether it cannot be enumerated. */
type EncodedField = [string, Encoded, boolean];

/**
 * A value as JSON can have it: the very same object where nothing in it needs a tag, which is nearly always.
 * `isHidden`: it is in a field that cannot be enumerated.
 *
 * @throws RangeError for a value that contains itself, or is nested more than 64 deep
 */
export function encodeValue(value: unknown, depth = 0, isHidden = false): Encoded {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [TAG]: numberTag(value) };
    case 'bigint':
      return { [TAG]: 'bigint', value: String(value) };
    case 'object':
      return value === null ? null : encodeObject(value, depth + 1, isHidden);
    default:
      // undefined; and functions and symbols, which exporters write as nothing too.
      return { [TAG]: 'undefined' };
  }
}

/** Attributes as JSON; `null` if there are none given. */
export function attributesJson(attributes: Readonly<Record<string, unknown>> | undefined): string {
  return attributes === undefined ? 'null' : JSON.stringify(encodeAttributes(attributes));
}

/** Attributes, or any other plain object, as {@link encodeValue} has it. */
export function encodeAttributes(attributes: Readonly<Record<string, unknown>>): Encoded {
  return encodeObject(attributes, 0, false);
}

/** What {@link encodeValue} was given, from what JSON.parse has read. */
export function decodeValue(encoded: Encoded): unknown {
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  if (Array.isArray(encoded)) {
    for (let index = 0; index < encoded.length; index += 1) {
      const element: unknown = encoded[index];
      if (typeof element === 'object') encoded[index] = decodeValue(element);
    }
    return encoded;
  }
  const object = encoded as Record<string, unknown>;
  return TAG in object ? decodeTagged(object) : decodeInPlace(object);
}

/** Attributes from what JSON.parse has read. */
export function decodeAttributes(encoded: Encoded): Record<string, unknown> {
  return decodeValue(encoded) as Record<string, unknown>;
}

function encodeObject(object: object, depth: number, isHidden: boolean): Encoded {
  if (depth > DEEPEST)
    throw new RangeError(`a value is nested more than ${DEEPEST} deep, or contains itself`);
  if (Array.isArray(object)) return encodeArray(object, depth, isHidden);
  if (object instanceof Uint8Array) {
    return {
      [TAG]: Buffer.isBuffer(object) ? 'buffer' : 'bytes',
      value: Buffer.from(object.buffer, object.byteOffset, object.byteLength).toString('base64'),
    };
  }
  const source = object as Record<string, unknown>;
  const speaks = typeof source['toJSON'] === 'function';
  const inherits = speaks && !Object.hasOwn(source, 'toJSON');
  if (inherits || source instanceof Error) return encodeMade(source, inherits, depth, isHidden);
  // What has a toJSON of its own is written by its fields, as exporters of OTLP write it.
  let copy: Record<string, unknown> | undefined = speaks || TAG in source ? { ...source } : undefined;
  for (const key of Object.keys(source)) {
    const value = source[key];
    if (typeof value === 'string' || typeof value === 'boolean') continue;
    const encoded = encodeValue(value, depth, isHidden);
    if (encoded === value) continue;
    copy ??= { ...source };
    copy[key] = encoded;
  }
  if (copy === undefined) return source;
  return TAG in copy ? { [TAG]: 'object', value: Object.entries(copy) } : copy;
}

/**
 * An error, or what inherits a toJSON, as a Date does. Exporters of OTLP write the fields that can be enumerated; the one of Azure writes
 * what JSON.stringify says, and of an error the fields too that cannot be enumerated, such as message and stack. All of it is kept.
 */
function encodeMade(
  object: Record<string, unknown>,
  inherits: boolean,
  depth: number,
  isInHidden: boolean,
): Encoded {
  const isError = object instanceof Error;
  const fields: EncodedField[] = [];
  for (const name of isError ? Object.getOwnPropertyNames(object) : Object.keys(object)) {
    const isHidden = !Object.prototype.propertyIsEnumerable.call(object, name);
    try {
      fields.push([name, encodeValue(object[name], depth, isHidden || isInHidden), isHidden]);
    } catch (thrown) {
      // A cause that leads back to the error, say: it is left out as a whole, or all the ways through it would be tried.
      if (!isHidden || isInHidden) throw thrown;
    }
  }
  return {
    [TAG]: isError ? 'error' : 'made',
    value: fields,
    says: inherits ? whatItSays(object) : undefined,
  };
}

/** As a field of an object, where it may also say nothing at all; `undefined` if it throws. */
function whatItSays(it: object): string | undefined {
  try {
    return JSON.stringify({ it });
  } catch {
    return undefined;
  }
}

function encodeArray(array: readonly unknown[], depth: number, isHidden: boolean): Encoded {
  let copy: unknown[] | undefined;
  for (let index = 0; index < array.length; index += 1) {
    const value = array[index];
    if (typeof value === 'string' || typeof value === 'boolean') continue;
    const encoded = encodeValue(value, depth, isHidden);
    if (encoded === value && value !== undefined) continue;
    copy ??= array.slice();
    copy[index] = encoded;
  }
  return copy ?? array;
}

function numberTag(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function decodeInPlace(object: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (typeof value === 'object') object[key] = decodeValue(value);
  }
  return object;
}

function decodeTagged({ [TAG]: tag, value, says }: Record<string, unknown>): unknown {
  switch (tag) {
    case 'undefined':
      return undefined;
    case 'bigint':
      return BigInt(value as string);
    case 'bytes':
      return new Uint8Array(Buffer.from(value as string, 'base64'));
    case 'buffer':
      return Buffer.from(value as string, 'base64');
    case 'error':
      return decodeMade(Error.prototype, value as EncodedField[], says as string | undefined);
    case 'made':
      return decodeMade(Object.prototype, value as EncodedField[], says as string | undefined);
    case 'object':
      return decodeInPlace(Object.fromEntries(value as [string, unknown][]));
    default:
      return Number(tag);
  }
}

/** What says the same of itself, in the fields that it had. */
function decodeMade(kind: object, fields: EncodedField[], says: string | undefined): object {
  // Inherited, as it was: what lists the fields does not find it.
  const speaking = (text: string): object =>
    Object.create(kind, { toJSON: { value: () => (JSON.parse(text) as { it?: unknown }).it } }) as object;
  const made = Object.create(says === undefined ? kind : speaking(says)) as object;
  for (const [name, value, isHidden] of fields) {
    Object.defineProperty(made, name, {
      value: decodeValue(value),
      enumerable: !isHidden,
      writable: true,
      configurable: true,
    });
  }
  return made;
}
