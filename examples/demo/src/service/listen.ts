import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where whoever knows Prometheus' exporter of OpenTelemetry looks first. */
export const USUAL_PORT = 9464;

/** Ports that are tried before any will do. */
const PORTS_TRIED = 10;

/** Has a server listen on any free port of the loopback interface. */
export async function listen(server: Server): Promise<number> {
  return listenOn(server, 0);
}

/** Has a server listen on the loopback interface, on the usual port or, if that is busy, on one of the next. */
export async function listenNearby(server: Server): Promise<number> {
  for (let port = USUAL_PORT; port < USUAL_PORT + PORTS_TRIED; port += 1) {
    try {
      return await listenOn(server, port);
    } catch {
      // Busy, or not for us: the next one.
    }
  }
  return listenOn(server, 0);
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
