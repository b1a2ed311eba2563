import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Notices } from './notices.js';

/** What answers; each is asked in turn. */
export interface ServedContent {
  /** Answers a scrape. */
  readonly metrics: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers what is for the status page, and says whether it did. */
  readonly page: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** Where to listen. */
export interface ListenSettings {
  readonly host: string;
  readonly port: number;
  readonly whenPortIsBusy: 'next' | 'none';
}

/** A server that listens. */
export interface MetricsServer {
  readonly url: string;
  readonly port: number;
  close(): void;
}

/** Ports that are tried after a busy one. */
const MOST_TRIES = 20;
const HIGHEST_PORT = 65_535;

/**
 * Serves a scrape and the status page. Neither the server nor a connection to it keeps the process alive.
 *
 * @returns `undefined` if no port could be had, which was said
 */
export async function listen(
  content: ServedContent,
  settings: ListenSettings,
  notices: Notices,
): Promise<MetricsServer | undefined> {
  const { host, port: wanted, whenPortIsBusy } = settings;
  const last =
    whenPortIsBusy === 'next' && wanted !== 0 ? Math.min(wanted + MOST_TRIES, HIGHEST_PORT) : wanted;
  for (let port = wanted; port <= last; port += 1) {
    const server = makeServer(content);
    const error = await tryToListen(server, host, port);
    if (error === undefined) {
      const { port: taken } = server.address() as AddressInfo;
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`;
      if (taken !== wanted && wanted !== 0) notices.warn(`port ${wanted} is busy, ${taken} is used instead`);
      return {
        url,
        port: taken,
        close() {
          server.close();
          server.closeAllConnections();
        },
      };
    }
    if (error.code !== 'EADDRINUSE') {
      notices.warn(`cannot listen on ${host}:${port}: ${error.message}; there is no scrape and no page`);
      return undefined;
    }
  }
  const tried = last === wanted ? `port ${wanted} is busy` : `ports ${wanted} to ${last} are busy`;
  notices.warn(`${tried}; there is no scrape and no page of this process (pid ${process.pid})`);
  return undefined;
}

function makeServer(content: ServedContent): Server {
  const server = createServer((request, response) => {
    // Nothing here is cached, and Node.js sets a timer to know the date.
    response.sendDate = false;
    try {
      answer(content, request, response);
    } catch {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  });
  server.on('connection', socket => {
    socket.unref();
  });
  return server.unref();
}

function answer({ metrics, page }: ServedContent, request: IncomingMessage, response: ServerResponse): void {
  const path = request.url?.split('?', 1)[0];
  if (path === '/metrics' && (request.method === 'GET' || request.method === 'HEAD')) {
    metrics(request, response);
    return;
  }
  if (page(request, response)) return;
  response.writeHead(path === '/metrics' ? 405 : 404, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(path === '/metrics' ? 'GET only\n' : 'not found\n');
}

function tryToListen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise(resolve => {
    const settle = (error?: NodeJS.ErrnoException): void => {
      server.removeListener('error', settle);
      // What goes wrong later, as running out of descriptors in accept, is not the host's to handle.
      server.on('error', () => {});
      resolve(error);
    };
    server.once('error', settle);
    // Exclusive: a cluster worker would else share the port with its siblings, and each scrape ask another of them.
    server.listen({ host, port, exclusive: true }, () => {
      settle();
    });
  });
}
