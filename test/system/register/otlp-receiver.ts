import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** One push as it came in. */
export interface Push {
  readonly path: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** A local receiver of OTLP. */
export interface OtlpReceiver {
  readonly endpoint: string;
  readonly first: Promise<Push>;
  close(): void;
}

/** What there is to do with a request. */
type Answer = 'accept' | 'never';

/** Receives OTLP over HTTP; `never` leaves every request without an answer. */
export async function receiveHttp(answer: Answer = 'accept'): Promise<OtlpReceiver> {
  const { first, resolve } = firstPush();
  const server = createServer((request, response) => {
    void readAll(request).then(body => {
      const contentType = request.headers['content-type'] ?? '';
      resolve({ path: request.url ?? '', contentType, body });
      if (answer === 'never') return;
      response.setHeader('content-type', contentType);
      response.end(contentType.includes('json') ? '{}' : '');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    first,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Receives OTLP over gRPC without TLS (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). */
export async function receiveGrpc(answer: Answer = 'accept'): Promise<OtlpReceiver> {
  const { first, resolve } = firstPush();
  const connections = new Set<Duplex>();
  const server = createHttp2Server();
  server.on('connection', (connection: Duplex) => connections.add(connection));
  server.on('stream', (stream, headers) => {
    void readAll(stream).then(message => {
      const body = message.subarray(5);
      resolve({ path: headers[':path'] ?? '', contentType: headers['content-type'] ?? '', body });
      if (answer === 'never') return;
      stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.once('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': '0' });
      });
      // Not compressed, no bytes: an empty ExportMetricsServiceResponse.
      stream.end(Buffer.alloc(5));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    first,
    close() {
      for (const connection of connections) connection.destroy();
      server.close();
    },
  };
}

function firstPush(): { readonly first: Promise<Push>; readonly resolve: (push: Push) => void } {
  let resolve: (push: Push) => void = () => {};
  const first = new Promise<Push>(settle => (resolve = settle));
  return { first, resolve };
}

async function readAll(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A field of a protobuf message: a number of fixed width, or the bytes of what is in it. */
type Field = number | Buffer;

/** The fields of a message by number (https://protobuf.dev/programming-guides/encoding/). */
function fieldsOf(message: Buffer): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message.readUInt8(at);
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const key = varint();
    const read: Record<number, () => Field> = {
      0: varint,
      1: () => bytes(8),
      2: () => bytes(varint()),
      5: () => bytes(4),
    };
    const field = read[key % 8]?.();
    if (field === undefined) throw new Error(`there is no wire type ${key % 8}`);
    fields.set(Math.floor(key / 8), [...(fields.get(Math.floor(key / 8)) ?? []), field]);
  }
  return fields;
}

function within(message: Buffer, ...path: readonly number[]): Buffer[] {
  return path.reduce<Buffer[]>(
    (messages, number) =>
      messages.flatMap(each => fieldsOf(each).get(number) ?? []).filter(each => typeof each !== 'number'),
    [message],
  );
}

/**
 * What is in an ExportMetricsServiceRequest: the resource's attributes that are texts, and the first value of each gauge and sum
 * (https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto).
 */
export function readMetrics(body: Buffer): {
  readonly resource: Readonly<Record<string, string>>;
  readonly values: ReadonlyMap<string, number>;
} {
  const attributes = within(body, 1, 1, 1).map(each => [text(each, 1), text(each, 2, 1)]);
  const values = new Map<string, number>();
  for (const metric of within(body, 1, 2, 2)) {
    const [point] = [...within(metric, 5, 1), ...within(metric, 7, 1)];
    if (point === undefined) continue;
    const [double] = within(point, 4);
    const [integer] = within(point, 6);
    const value = double?.readDoubleLE() ?? Number(integer?.readBigInt64LE());
    values.set(text(metric, 1), value);
  }
  return { resource: Object.fromEntries(attributes) as Record<string, string>, values };
}

function text(message: Buffer, ...path: readonly number[]): string {
  return within(message, ...path)[0]?.toString() ?? '';
}
