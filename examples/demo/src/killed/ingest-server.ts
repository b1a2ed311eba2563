import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { listen } from '../service/listen.js';

/** As far away as another region: something is always under way. */
const ANSWER_MILLIS = 50;

interface Items {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
  readonly resourceLogs?: readonly {
    readonly scopeLogs: readonly {
      readonly logRecords: readonly { readonly body: { readonly stringValue: string } }[];
    }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly {
      readonly metrics: readonly {
        readonly name: string;
        readonly sum?: {
          readonly dataPoints: readonly { readonly asDouble?: number; readonly asInt?: number | string }[];
        };
      }[];
    }[];
  }[];
}

/** An endpoint of OTLP over HTTP, as JSON, on the loopback interface, that counts what arrives. */
export class IngestServer {
  /** How often each span has arrived, by its name. */
  readonly spans = new Map<string, number>();
  /** The same of log records, by their text. */
  readonly logs = new Map<string, number>();
  #requestsCounted = 0;
  readonly #server = createServer((request, response) => {
    this.#take(request).then(
      async () => {
        await sleep(ANSWER_MILLIS);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
      // Whoever sent it was killed.
      () => response.destroy(),
    );
  });

  /** The sum of all that has arrived of the counter `demo.requests`. */
  get requestsCounted(): number {
    return this.#requestsCounted;
  }

  /** @returns its address, without a slash */
  async start(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.#server)}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const {
      resourceSpans = [],
      resourceLogs = [],
      resourceMetrics = [],
    } = JSON.parse(Buffer.concat(parts).toString()) as Items;
    const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(scope => scope.spans);
    for (const { name } of spans) this.spans.set(name, (this.spans.get(name) ?? 0) + 1);
    const records = resourceLogs.flatMap(({ scopeLogs }) => scopeLogs).flatMap(scope => scope.logRecords);
    for (const { body } of records)
      this.logs.set(body.stringValue, (this.logs.get(body.stringValue) ?? 0) + 1);
    const metrics = resourceMetrics
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(scope => scope.metrics);
    const points = metrics
      .filter(({ name }) => name === 'demo.requests')
      .flatMap(({ sum }) => sum?.dataPoints ?? []);
    for (const { asDouble, asInt } of points) this.#requestsCounted += asDouble ?? Number(asInt);
  }
}
