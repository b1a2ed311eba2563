import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What the service asks: answers each piece of text, and keeps a connection open for as long as the other end does. */
export class Backend {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer(socket => {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', () => socket.write('12.50\n'));
  });

  /** @returns the port, on loopback */
  async start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', () => {
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  stop(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}
