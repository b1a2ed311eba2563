import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { skipBecause } from 'test-helpers/skip-because';
import { connected, listening } from '../fixtures/opened-things.js';
import { socketInodes, watchedProcesses } from '../fixtures/watched-process-client.js';

const NO_CONNECTIONS = {
  closed: 0,
  close_wait: 0,
  closing: 0,
  established: 0,
  fin_wait_1: 0,
  fin_wait_2: 0,
  last_ack: 0,
  listen: 0,
  syn_received: 0,
  syn_sent: 0,
};

/** Numbers of the kernel's enum in include/net/tcp_states.h, from TCP_ESTABLISHED = 1 on. */
const STATES = [
  'none',
  'established',
  'syn_sent',
  'syn_received',
  'fin_wait_1',
  'fin_wait_2',
  'time_wait',
  'closed',
  'close_wait',
  'last_ack',
  'listen',
  'closing',
  'syn_received',
];

/** A process's sockets in the tables by state, by splitting at blanks. */
function tableCounts(pid: number): Record<string, number> {
  const inodes = socketInodes(pid);
  const counts: Record<string, number> = { ...NO_CONNECTIONS };
  for (const table of ['tcp', 'tcp6']) {
    let text = '';
    try {
      text = readFileSync(`/proc/net/${table}`, 'utf8');
    } catch {
      // No IPv6 here.
    }
    for (const line of text.trim().split('\n').slice(1)) {
      const [, , , number = '', , , , , , inode = ''] = line.trim().split(/\s+/);
      const state = STATES[Number.parseInt(number, 16)] ?? 'unknown';
      if (inodes.has(inode)) counts[state] = (counts[state] ?? 0) + 1;
    }
  }
  return counts;
}

/** Waits until the kernel has come so far: a connection is accepted, a FIN acknowledged a moment later. */
async function settled(pid: number, expected: Record<string, number>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if (isDeepStrictEqual(tableCounts(pid), expected)) return;
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  expect(tableCounts(pid), 'by the tables').to.deep.equal(expected);
}

describe('TCP connections of a process by state, against the tables in another way', () => {
  const launch = watchedProcesses();
  const options = { byKindIntervalMillis: 5_000, connections: true };
  const servers: Server[] = [];
  const sockets: Socket[] = [];

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) await new Promise(resolve => server.close(resolve));
  });

  /** A server in this process, which keeps what it accepts. */
  async function serve(host: string, allowHalfOpen = false): Promise<{ port: number; server: Server }> {
    const server = await listening({ host, port: 0 }, allowHalfOpen);
    // Neither may keep mocha from ending if a test fails.
    servers.push(server.unref());
    server.on('connection', socket => {
      sockets.push(socket.unref().on('error', () => {}));
    });
    return { port: (server.address() as { port: number }).port, server };
  }

  it('none, where nothing is connected', async () => {
    const watched = await launch();
    await watched.ask('start', { options });
    expect((await watched.after(5_000)).connections).to.deep.equal(NO_CONNECTIONS);
  });

  it('established ones, and not the other ends, which are sockets of another process', async () => {
    const [watched, peer] = [await launch(), await launch()];
    await watched.ask('start', { options });
    const port = await peer.ask('listen', { host: '127.0.0.1' });
    await watched.ask('connect', { host: '127.0.0.1', port, count: 9 });
    const expected = { ...NO_CONNECTIONS, established: 9 };
    await settled(watched.pid, expected);
    // The other ends are in the same table.
    await settled(peer.pid, { ...expected, listen: 1 });
    expect((await watched.after(5_000)).connections).to.deep.equal(expected);
  });

  it('those that listen', async () => {
    const watched = await launch();
    await watched.ask('start', { options });
    for (let i = 0; i < 3; i += 1) await watched.ask('listen', { host: '127.0.0.1' });
    const expected = { ...NO_CONNECTIONS, listen: 3 };
    await settled(watched.pid, expected);
    expect((await watched.after(5_000)).connections).to.deep.equal(expected);
  });

  it('those that the peer has closed half: the leak of a host that forgets to close', async () => {
    const watched = await launch();
    await watched.ask('start', { options });
    const port = await watched.ask('listen', { host: '127.0.0.1', allowHalfOpen: true });
    for (let i = 0; i < 4; i += 1) {
      const socket = await connected({ host: '127.0.0.1', port });
      sockets.push(socket.unref());
      await new Promise<void>(resolve => socket.end(resolve));
    }
    const expected = { ...NO_CONNECTIONS, listen: 1, close_wait: 4 };
    await settled(watched.pid, expected);
    expect((await watched.after(5_000)).connections).to.deep.equal(expected);
  });

  it('those that the process has closed half itself', async () => {
    const { port, server } = await serve('127.0.0.1', true);
    const watched = await launch();
    await watched.ask('start', { options });
    for (let i = 0; i < 2; i += 1) {
      const accepted = new Promise(resolve => server.once('connection', resolve));
      await watched.ask('halfClose', { host: '127.0.0.1', port });
      await accepted;
    }
    const expected = { ...NO_CONNECTIONS, fin_wait_2: 2 };
    await settled(watched.pid, expected);
    expect((await watched.after(5_000)).connections).to.deep.equal(expected);
  });

  it('of IPv6 as of IPv4', async function () {
    const loopback = Object.values(networkInterfaces())
      .flat()
      .some(address => address?.address === '::1');
    if (!loopback) skipBecause(this, 'no address ::1 here');
    const { port } = await serve('::1');
    const watched = await launch();
    await watched.ask('start', { options });
    await watched.ask('connect', { host: '::1', port, count: 3 });
    await watched.ask('listen', { host: '::1' });
    await watched.ask('listen', { host: '127.0.0.1' });
    const expected = { ...NO_CONNECTIONS, established: 3, listen: 2 };
    await settled(watched.pid, expected);
    expect((await watched.after(5_000)).connections).to.deep.equal(expected);
  });

  it('not at all unless asked for', async () => {
    const watched = await launch();
    await watched.ask('start', { options: { byKindIntervalMillis: 5_000 } });
    await watched.ask('listen', { host: '127.0.0.1' });
    await watched.after(5_000);
    const { snapshot, names } = await watched.ask('look');
    expect(snapshot.connections).to.equal(null);
    expect(names).not.to.include('vitals.connection.count');
    expect(watched.listed().filter(({ target }) => target.includes('/net/tcp'))).to.deep.equal([]);
  });
});
