import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ScrapeJob } from '../running-prometheus.js';
import { instanceText } from './instance-text.js';
import type { InstanceTemplate } from './instance-text.js';

/** The time that is told to whoever scrapes, in seconds; undefined: now, and not told. */
export type PastTime = (instance: number) => number | undefined;

/** All instances of a fleet, on one port of the loopback interface: `/17` is the eighteenth. */
export class FleetServer {
  readonly #server: Server;
  readonly #instances: number;
  /** Where in time the fleet is. */
  pastTime: PastTime = () => undefined;

  constructor(template: InstanceTemplate, instances: number) {
    this.#instances = instances;
    this.#server = createServer((request, response) => {
      const instance = Number(/^\/(\d+)$/.exec(request.url ?? '')?.[1] ?? NaN);
      if (!(instance < instances)) {
        response.writeHead(404).end();
        return;
      }
      const past = this.pastTime(instance);
      const atSeconds = past ?? Date.now() / 1_000;
      const timeMillis = past === undefined ? undefined : Math.round(1_000 * past);
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(instanceText(template, instance, atSeconds, timeMillis));
    });
    // Scrapes are half a minute apart.
    this.#server.keepAliveTimeout = 120_000;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  /** The fleet as so many jobs of the same size. */
  jobs(count: number): ScrapeJob[] {
    const { port } = this.#server.address() as AddressInfo;
    return Array.from({ length: count }, (_, job) => ({
      job: `service-${job}`,
      targets: Array.from({ length: this.#instances })
        .map((_, instance) => instance)
        .filter(instance => instance % count === job)
        .map(instance => ({
          address: `127.0.0.1:${port}`,
          labels: { __metrics_path__: `/${instance}`, instance: `instance-${instance}` },
        })),
    }));
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
