import { HeldFile } from 'otel-runtime-kit/linux';
import { UnexpectedContentError } from 'otel-runtime-kit/sampling';

/**
 * States of a TCP connection that a descriptor can be in, by the kernel's number (include/net/tcp_states.h). The names
 * are those of the semantic conventions' `network.connection.state`. TIME_WAIT (6) belongs to no descriptor.
 */
const STATE_BY_NUMBER: Readonly<Record<string, ConnectionState>> = {
  '01': 'established',
  '02': 'syn_sent',
  '03': 'syn_received',
  '04': 'fin_wait_1',
  '05': 'fin_wait_2',
  '07': 'closed',
  '08': 'close_wait',
  '09': 'last_ack',
  '0A': 'listen',
  '0B': 'closing',
  '0C': 'syn_received',
};

/** Values of `network.connection.state` that are reported. */
export const CONNECTION_STATES = [
  'closed',
  'close_wait',
  'closing',
  'established',
  'fin_wait_1',
  'fin_wait_2',
  'last_ack',
  'listen',
  'syn_received',
  'syn_sent',
] as const;

/** One of {@link CONNECTION_STATES}. */
export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** A socket of the table: its inode and state. */
export interface TcpSocket {
  readonly inode: number;
  readonly state: ConnectionState;
}

/**
 * Reads the sockets that have an inode from the text of `/proc/<pid>/net/tcp` or `tcp6` (proc_pid_net(5)).
 *
 * @throws UnexpectedContentError if the first line is not the table's heading
 */
export function parseTcpTable(text: string): TcpSocket[] {
  if (!/^\s*sl\s+local_address\s/.test(text)) throw new UnexpectedContentError('not a table of TCP sockets');
  const sockets: TcpSocket[] = [];
  // sl: local remote st tx:rx tr:when retrnsmt uid timeout inode …
  for (const [, number = '', inode] of text.matchAll(
    /^ *\d+: [0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2})(?: +\S+){5} +(\d+)/gm,
  )) {
    const state = STATE_BY_NUMBER[number];
    if (state !== undefined && inode !== '0') sockets.push({ inode: Number(inode), state });
  }
  return sockets;
}

/** Counts a process's own TCP connections by state, from the tables of its network namespace. */
export class ConnectionTable {
  readonly #files: readonly HeldFile[];

  /** @param processRoot `/proc/self` */
  constructor(processRoot: string) {
    this.#files = [
      new HeldFile(`${processRoot}/net/tcp`, 65_536),
      new HeldFile(`${processRoot}/net/tcp6`, 65_536),
    ];
  }

  /**
   * @param inodes the inodes of the process's own sockets
   * @throws the error of the first table that cannot be read, if none can (without IPv6 there is no tcp6)
   */
  count(inodes: ReadonlySet<number>): Record<ConnectionState, number> {
    const counts = Object.fromEntries(CONNECTION_STATES.map(state => [state, 0])) as Record<
      ConnectionState,
      number
    >;
    // The kernel hands out a long table in pieces; a socket that moves meanwhile may be in two of them.
    const seen = new Set<number>();
    let failure: unknown;
    let tables = 0;
    for (const file of this.#files) {
      try {
        for (const { inode, state } of parseTcpTable(file.readText())) {
          if (!inodes.has(inode) || seen.has(inode)) continue;
          seen.add(inode);
          counts[state] += 1;
        }
        tables += 1;
      } catch (thrown) {
        failure ??= thrown;
      }
    }
    if (tables === 0) throw failure;
    return counts;
  }

  /** Gives the descriptors back. */
  close(): void {
    for (const file of this.#files) file.close();
  }
}
