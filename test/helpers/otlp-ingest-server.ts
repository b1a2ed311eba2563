import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What the server does with a request: takes it, says 500, or takes it in and never answers. */
export type IngestMood = 'up' | 'error' | 'never';

/** Where nothing listens: the port of tcpmux, which nobody uses. */
export const REFUSING_ENDPOINT = 'http://127.0.0.1:1';

interface JsonValue {
  readonly stringValue?: string;
}

interface TraceRequest {
  readonly resourceSpans?: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly { readonly name?: string }[] }[];
  }[];
}

interface LogsRequest {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly { readonly logRecords?: readonly { readonly body?: JsonValue }[] }[];
  }[];
}

/** Takes OTLP/HTTP as JSON in, and knows how often each span (by its name) and log record (by its text) has come. */
export class OtlpIngestServer {
  /** May be changed at any time. */
  mood: IngestMood = 'up';
  /** What was taken and answered with success. */
  readonly received = { spans: new Map<string, number>(), logs: new Map<string, number>() };
  /** Requests that came, answered or not. */
  requests = 0;
  readonly #server: Server;

  /** Use {@link start}. */
  constructor(server: Server) {
    this.#server = server;
  }

  static async start(mood: IngestMood = 'up'): Promise<OtlpIngestServer> {
    const http = createServer();
    const server = new OtlpIngestServer(http);
    server.mood = mood;
    http.on('request', (request, response) => {
      // A client that dies in the middle of its request is not a fault of the server's.
      server.#answer(request, response).catch(() => response.destroy());
    });
    http.on('clientError', (_error, socket: Socket) => {
      socket.destroy();
    });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  /** `http://127.0.0.1:PORT`; exporters add `/v1/traces`, `/v1/logs`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const mood = this.mood;
    this.requests += 1;
    if (mood === 'never') return;
    if (mood === 'error') {
      response.writeHead(500).end();
      return;
    }
    const isGzip = request.headers['content-encoding'] === 'gzip';
    this.#take(request.url ?? '', (isGzip ? gunzipSync(body) : body).toString());
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  #take(path: string, text: string): void {
    if (path === '/v1/traces') {
      for (const { scopeSpans = [] } of (JSON.parse(text) as TraceRequest).resourceSpans ?? [])
        for (const { spans = [] } of scopeSpans)
          for (const { name = '' } of spans) count(this.received.spans, name);
    } else if (path === '/v1/logs') {
      for (const { scopeLogs = [] } of (JSON.parse(text) as LogsRequest).resourceLogs ?? [])
        for (const { logRecords = [] } of scopeLogs)
          for (const { body } of logRecords) count(this.received.logs, body?.stringValue ?? '');
    }
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
