import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** What the exporters of Azure Monitor send for each span, event and log record. */
export interface Envelope {
  readonly name: string;
  time: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: { readonly baseType: string; readonly baseData: Readonly<Record<string, unknown>> };
}

/** Takes what is posted to `/v2.1/track` in. */
export class BreezeServer {
  readonly #server: Server;
  /** Methods and paths. */
  readonly requests: string[] = [];
  #envelopes: Envelope[] = [];

  /** Use {@link start}. */
  constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<BreezeServer> {
    const http = createServer();
    const server = new BreezeServer(http);
    http.on('request', (request, response) => {
      server.#answer(request, response).catch(() => response.destroy());
    });
    await once(http.listen(0, '127.0.0.1'), 'listening');
    return server;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What has come since it was asked last. */
  take(): Envelope[] {
    const envelopes = this.#envelopes;
    this.#envelopes = [];
    return envelopes;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString();
    const envelopes = JSON.parse(text) as Envelope[];
    this.requests.push(`${request.method} ${request.url}`);
    this.#envelopes.push(...envelopes);
    const answer = { itemsReceived: envelopes.length, itemsAccepted: envelopes.length, errors: [] };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }
}
