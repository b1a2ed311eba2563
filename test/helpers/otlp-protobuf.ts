// Requests of OTLP as protobuf, read into what the same request is as JSON: https://protobuf.dev/programming-guides/encoding/ and the
// field numbers of https://github.com/open-telemetry/opentelemetry-proto. Only what tests look at is read.

type Scalar =
  'string' | 'bytes' | 'bool' | 'int64' | 'uint64' | 'sint32' | 'enum' | 'fixed64' | 'sfixed64' | 'double';

interface Field {
  readonly name: string;
  readonly type: Scalar | Message;
  readonly isList: boolean;
}

/** Its fields by number. */
type Message = () => Readonly<Record<number, Field>>;

const one = (name: string, type: Scalar | Message): Field => ({ name, type, isList: false });
const many = (name: string, type: Scalar | Message): Field => ({ name, type, isList: true });

const anyValue: Message = () => ({
  1: one('stringValue', 'string'),
  2: one('boolValue', 'bool'),
  3: one('intValue', 'int64'),
  4: one('doubleValue', 'double'),
  5: one('arrayValue', () => ({ 1: many('values', anyValue) })),
  6: one('kvlistValue', () => ({ 1: many('values', keyValue) })),
  7: one('bytesValue', 'bytes'),
});

const keyValue: Message = () => ({ 1: one('key', 'string'), 2: one('value', anyValue) });

const span: Message = () => ({
  5: one('name', 'string'),
  7: one('startTimeUnixNano', 'fixed64'),
  8: one('endTimeUnixNano', 'fixed64'),
  9: many('attributes', keyValue),
});

const logRecord: Message = () => ({
  1: one('timeUnixNano', 'fixed64'),
  5: one('body', anyValue),
  6: many('attributes', keyValue),
  11: one('observedTimeUnixNano', 'fixed64'),
});

const pointTimes = { 2: one('startTimeUnixNano', 'fixed64'), 3: one('timeUnixNano', 'fixed64') };

const numberPoint: Message = () => ({
  ...pointTimes,
  4: one('asDouble', 'double'),
  6: one('asInt', 'sfixed64'),
  7: many('attributes', keyValue),
});

const histogramPoint: Message = () => ({
  ...pointTimes,
  4: one('count', 'fixed64'),
  5: one('sum', 'double'),
  6: many('bucketCounts', 'fixed64'),
  7: many('explicitBounds', 'double'),
  9: many('attributes', keyValue),
  11: one('min', 'double'),
  12: one('max', 'double'),
});

const buckets: Message = () => ({ 1: one('offset', 'sint32'), 2: many('bucketCounts', 'uint64') });

const exponentialPoint: Message = () => ({
  ...pointTimes,
  1: many('attributes', keyValue),
  4: one('count', 'fixed64'),
  5: one('sum', 'double'),
  6: one('scale', 'sint32'),
  7: one('zeroCount', 'fixed64'),
  8: one('positive', buckets),
  9: one('negative', buckets),
  12: one('min', 'double'),
  13: one('max', 'double'),
});

const pointsOf = (point: Message): Message => {
  return () => ({ 1: many('dataPoints', point), 2: one('aggregationTemporality', 'enum') });
};

const metric: Message = () => ({
  1: one('name', 'string'),
  5: one('gauge', pointsOf(numberPoint)),
  7: one('sum', pointsOf(numberPoint)),
  9: one('histogram', pointsOf(histogramPoint)),
  10: one('exponentialHistogram', pointsOf(exponentialPoint)),
});

/** Three floors, of which every signal has its own: a resource's, a scope's, the items. */
const requestOf = (resources: string, scopes: string, items: string, item: Message): Message => {
  const ofScope: Message = () => ({ 2: many(items, item) });
  const ofResource: Message = () => ({ 2: many(scopes, ofScope) });
  return () => ({ 1: many(resources, ofResource) });
};

const REQUESTS = {
  traces: requestOf('resourceSpans', 'scopeSpans', 'spans', span),
  logs: requestOf('resourceLogs', 'scopeLogs', 'logRecords', logRecord),
  metrics: requestOf('resourceMetrics', 'scopeMetrics', 'metrics', metric),
};

/**
 * A request as it is in JSON.
 *
 * @throws RangeError if it is cut off
 */
export function decodeOtlpRequest(bytes: Uint8Array, signal: keyof typeof REQUESTS): unknown {
  return decode(new Reader(bytes), REQUESTS[signal]);
}

function decode(reader: Reader, message: Message): Record<string, unknown> {
  const fields = message();
  const result: Record<string, unknown> = {};
  while (!reader.isAtEnd) {
    const tag = Number(reader.varint());
    const wireType = tag & 7;
    const field = fields[tag >>> 3];
    if (field === undefined) {
      reader.skip(wireType);
      continue;
    }
    const { name, type, isList } = field;
    const isMessage = typeof type === 'function';
    const isPacked = isList && wireType === 2 && !isMessage && type !== 'string' && type !== 'bytes';
    const values: unknown[] = [];
    if (isPacked) {
      const packed = new Reader(reader.delimited());
      while (!packed.isAtEnd) values.push(packed.scalar(type));
    } else values.push(isMessage ? decode(new Reader(reader.delimited()), type) : reader.scalar(type));
    if (isList) ((result[name] ??= []) as unknown[]).push(...values);
    else result[name] = values[0];
  }
  return result;
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#take(1)[0]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  delimited(): Buffer {
    return this.#take(Number(this.varint()));
  }

  /** As JSON has it: whole numbers of 64 bits are texts, bytes are in base64. */
  scalar(type: Scalar): unknown {
    switch (type) {
      case 'string':
        return this.delimited().toString();
      case 'bytes':
        return this.delimited().toString('base64');
      case 'bool':
        return this.varint() !== 0n;
      case 'int64':
        return String(BigInt.asIntN(64, this.varint()));
      case 'uint64':
        return String(this.varint());
      case 'enum':
        return Number(this.varint());
      case 'sint32': {
        const value = Number(this.varint());
        return (value >>> 1) ^ -(value & 1);
      }
      case 'fixed64':
        return String(this.#take(8).readBigUInt64LE());
      case 'sfixed64':
        return String(this.#take(8).readBigInt64LE());
      case 'double':
        return this.#take(8).readDoubleLE();
    }
  }

  skip(wireType: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#take(8);
    else if (wireType === 2) this.delimited();
    else if (wireType === 5) this.#take(4);
    else throw new RangeError(`wire type ${wireType}`);
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError(`cut off at ${this.#at}`);
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}

/** The answer to a request of which a part was not taken, as protobuf. */
export function encodePartialSuccess(rejected: number, message: string): Buffer {
  const words = Buffer.from(message);
  const partial = Buffer.concat([
    ...(rejected > 0 ? [Buffer.from([0x08]), varintOf(rejected)] : []),
    Buffer.from([0x12]),
    varintOf(words.length),
    words,
  ]);
  return Buffer.concat([Buffer.from([0x0a]), varintOf(partial.length), partial]);
}

/** A `google.rpc.Status`, which is what an endpoint says when it has not taken a request. */
export function encodeStatus(code: number, message: string): Buffer {
  const words = Buffer.from(message);
  return Buffer.concat([
    Buffer.from([0x08]),
    varintOf(code),
    Buffer.from([0x12]),
    varintOf(words.length),
    words,
  ]);
}

function varintOf(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}
