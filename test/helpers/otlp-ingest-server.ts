import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createDoor } from 'node:net';
import type { AddressInfo, Server as Door, Socket } from 'node:net';
import type { IngestMood } from './otlp-ingest-moods.js';
import { emptyItems, keepItems } from './otlp-ingested-items.js';
import type { IngestedItems } from './otlp-ingested-items.js';
import { readIngestRequest } from './otlp-ingest-request.js';
import type { ReadRequest } from './otlp-ingest-request.js';
import { failureReply, partialReply, successReply } from './otlp-replies.js';
import type { Reply } from './otlp-replies.js';

export type { IngestMood } from './otlp-ingest-moods.js';

/** Where nothing listens: the port of tcpmux, which nobody uses. */
export const REFUSING_ENDPOINT = 'http://127.0.0.1:1';

/** A request that came. */
export interface IngestRequest {
  /** When its head was there, by `performance.now()`. */
  readonly atMillis: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of its body that came, as they came. */
  bytes: number;
  /** Names of spans and metrics (once for each point), texts of log records; nothing if it could not be read. */
  items: readonly string[];
  /** Undefined if it was not (yet) answered. */
  answered: number | 'reset' | undefined;
}

type Say = (status: number, reply: Reply, retryAfter?: string) => void;

/** An endpoint of OTLP over HTTP, as JSON and protobuf, that knows what it has taken, and misbehaves as it is told. */
export class OtlpIngestServer {
  /** What was taken, whether the client could learn of that or not. */
  readonly received: IngestedItems = emptyItems();
  /** What was not, in the mood `partial`. */
  readonly rejected: IngestedItems = emptyItems();
  /** In the order in which they came. */
  readonly log: IngestRequest[] = [];
  /** A number of seconds or an HTTP date; undefined: no such header. */
  retryAfter: string | undefined = '30';
  slowMillis = 2_000;
  rejects = 1;
  maximumBytes = 4_096;
  /** Names of spans and metrics, texts of log records. */
  readonly refused = new Set<string>();
  readonly #door: Door;
  readonly #sockets = new Set<Socket>();
  readonly #busy = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #mood: IngestMood;

  /** Use {@link start}. */
  constructor(mood: IngestMood) {
    this.#mood = mood;
    const http = createServer((request, response) => {
      const { socket } = request;
      this.#busy.add(socket);
      response.once('close', () => this.#busy.delete(socket));
      // A client that dies in the middle of its request is not a fault of the server's.
      this.#answer(request, response).catch(() => response.destroy());
    });
    http.on('clientError', (_error, socket: Socket) => {
      socket.destroy();
    });
    // Connections come through a door of their own: an HTTP server reads whatever it has taken in.
    this.#door = createDoor({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, socket => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      socket.on('error', () => {});
      if (this.#mood === 'black hole') return;
      http.emit('connection', socket);
      socket.resume();
    });
  }

  static async start(mood: IngestMood = 'up'): Promise<OtlpIngestServer> {
    const server = new OtlpIngestServer(mood);
    await once(server.#door.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  /** `http://127.0.0.1:PORT`; exporters add `/v1/traces`, `/v1/logs`, `/v1/metrics`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#door.address() as AddressInfo).port}`;
  }

  get mood(): IngestMood {
    return this.#mood;
  }

  /** May be changed at any time. */
  set mood(mood: IngestMood) {
    this.#mood = mood;
    if (mood !== 'black hole') return;
    // The next request must come over a connection that nobody reads from.
    for (const socket of this.#sockets) if (!this.#busy.has(socket)) socket.destroy();
  }

  /** Requests that came, answered or not. */
  get requests(): number {
    return this.log.length;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    this.#door.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { headers, url: path = '' } = request;
    const atMillis = performance.now();
    const entry: IngestRequest = { atMillis, path, headers, bytes: 0, items: [], answered: undefined };
    this.log.push(entry);
    // What came over a connection from before.
    if (this.#mood === 'black hole') return;
    const parts: Buffer[] = [];
    for await (const part of request) {
      parts.push(part as Buffer);
      entry.bytes += (part as Buffer).length;
      if (this.mood !== 'reset') continue;
      reset(request, entry);
      return;
    }
    const read = readIngestRequest(path, headers, Buffer.concat(parts));
    const say: Say = (status, reply, retryAfter) => {
      entry.answered = status;
      response.writeHead(status, {
        'content-type': reply.contentType,
        ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      });
      response.end(reply.body);
    };
    if ('status' in read) {
      say(read.status, failureReply(read.format, read.message));
      return;
    }
    entry.items = read.items.map(({ label }) => label);
    this.#react(this.mood, read, say, () => {
      reset(request, entry);
    });
  }

  #react(mood: IngestMood, request: ReadRequest, say: Say, resetConnection: () => void): void {
    const { format, items, length } = request;
    const fail = (status: number, message: string, retryAfter?: string): void => {
      say(status, failureReply(format, message), retryAfter);
    };
    switch (mood) {
      case 'never':
      case 'black hole':
        return;
      case 'error':
        fail(500, 'a bug');
        return;
      case 'unauthorized':
        fail(401, 'who is that?');
        return;
      case 'unavailable':
        fail(503, 'not now', this.retryAfter);
        return;
      case 'too many':
        fail(429, 'not so fast', this.retryAfter);
        return;
      case 'reset':
        resetConnection();
        return;
      case 'reset after':
        keepItems(this.received, items);
        resetConnection();
        return;
      case 'slow':
        keepItems(this.received, items);
        this.#later(() => {
          say(200, successReply(format));
        });
        return;
      case 'partial':
        this.#takePart(request, say);
        return;
      case 'too large':
        if (length > this.maximumBytes) {
          fail(413, `more than ${this.maximumBytes} bytes`);
          return;
        }
        break;
      case 'refusing':
        if (items.some(({ label }) => this.refused.has(label))) {
          fail(400, 'something in it is wrong');
          return;
        }
        break;
      case 'up':
    }
    keepItems(this.received, items);
    say(200, successReply(format));
  }

  #takePart({ format, signal, items }: ReadRequest, say: Say): void {
    const rejected = items.slice(0, this.rejects);
    keepItems(this.rejected, rejected);
    keepItems(this.received, items.slice(this.rejects));
    say(200, partialReply(format, signal, rejected.length, 'not these'));
  }

  #later(act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, this.slowMillis);
    this.#timers.add(timer);
  }
}

function reset({ socket }: IncomingMessage, entry: IngestRequest): void {
  entry.answered = 'reset';
  socket.resetAndDestroy();
}
