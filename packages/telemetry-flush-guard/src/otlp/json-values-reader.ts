import { setOwn } from './set-own.js';

/** AnyValue, as JSON.parse reads it. */
export interface JsonValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number;
  /** null: one that JSON has not. */
  readonly doubleValue?: number | null;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values: readonly JsonValue[] };
  readonly kvlistValue?: { readonly values: readonly JsonPair[] };
}

export interface JsonPair {
  readonly key: string;
  readonly value: JsonValue;
}

/** A value of an attribute, or the body of a log record; undefined for one that is empty. */
export function readValue(value: JsonValue): unknown {
  if (value.doubleValue === null) return NaN;
  if (value.bytesValue !== undefined) return new Uint8Array(Buffer.from(value.bytesValue, 'base64'));
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(readValue);
  if (value.kvlistValue !== undefined) return readAttributes(value.kvlistValue.values);
  return value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue;
}

export function readAttributes(pairs: readonly JsonPair[]): Record<string, unknown> {
  const attributes = {};
  for (const { key, value } of pairs) setOwn(attributes, key, readValue(value));
  return attributes;
}
