import type { Server } from 'node:http';
import type { Onlookers } from './messages.js';

/** Counts the connections to a server from now on. */
export function countConnections(server: Server): () => Onlookers {
  let connected = 0;
  let everConnected = 0;
  server.on('connection', socket => {
    connected += 1;
    everConnected += 1;
    socket.once('close', () => {
      connected -= 1;
    });
  });
  return () => ({ connected, everConnected });
}
