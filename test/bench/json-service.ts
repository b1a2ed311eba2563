import { createServer } from 'node:http';
import type { Server } from 'node:http';

// Parses, sorts and prints 300 objects: a third of a millisecond of work, and garbage for the collector.
const items = JSON.stringify(
  Array.from({ length: 300 }, (_, index) => ({
    id: index,
    name: `item ${index}`,
    weight: (index * 7919) % 300,
  })),
);

/** A service as there are many: JSON in, sorted, JSON out. */
export function jsonService(onRequest: () => void = () => {}): Server {
  return createServer((_request, response) => {
    onRequest();
    const parsed = JSON.parse(items) as { weight: number }[];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(parsed.sort((a, b) => a.weight - b.weight)));
  });
}
