import { expect } from 'chai';
import { UnexpectedContentError } from 'otel-runtime-kit/sampling';
import { CONNECTION_STATES, ConnectionTable, parseTcpTable } from '../src/connection-states.js';
import type { ConnectionState } from '../src/connection-states.js';
import { tcpLine, tcpTable } from './fixtures/tcp-table.js';
import { workshop } from './fixtures/watch-rig.js';

/** The kernel's numbers: include/net/tcp_states.h. */
const NUMBERS: Record<string, ConnectionState> = {
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

const NONE = Object.fromEntries(CONNECTION_STATES.map(state => [state, 0]));

const LONG = '00000000000000000000000001000000';

describe('parseTcpTable', () => {
  it('knows each state of the kernel by its number', () => {
    for (const [number, state] of Object.entries(NUMBERS)) {
      expect(parseTcpTable(tcpTable([tcpLine({ state: number, inode: 5 })])), number).to.deep.equal([
        { inode: 5, state },
      ]);
    }
    expect(new Set(Object.values(NUMBERS))).to.deep.equal(new Set(CONNECTION_STATES));
  });

  it('leaves out TIME_WAIT and whatever has no inode: no descriptor is open on them', () => {
    const lines = [
      tcpLine({ state: '06', inode: 0 }),
      tcpLine({ state: '03', inode: 0 }),
      tcpLine({ state: '01', inode: 0 }),
      tcpLine({ state: 'FF', inode: 9 }),
    ];
    expect(parseTcpTable(tcpTable(lines))).to.deep.equal([]);
  });

  it('reads lines as the kernel prints them, of IPv4 and IPv6', () => {
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     ',
      '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11234 1 ffff8d2e4b3f0000 100 0 0 10 0                      ',
      '  17: 0100007F:9C42 0100007F:1F90 01 00000000:00000000 02:000003D9 00000000  1000        0 4294967295 2 0000000000000000 20 4 30 10 -1                ',
      '12345: 0100007F:1F90 0100007F:9C42 08 00000001:0000A2B0 01:00000019 00000003   999       12 77 4 0000000000000000 20 4 1 10 7                        ',
      '',
    ].join('\n');
    expect(parseTcpTable(text)).to.deep.equal([
      { inode: 11_234, state: 'listen' },
      { inode: 4_294_967_295, state: 'established' },
      { inode: 77, state: 'close_wait' },
    ]);
    const text6 = [
      '  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      `   0: ${LONG}:0016 ${LONG}:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0000000000000000 100 0 0 10 0`,
      '',
    ].join('\n');
    expect(parseTcpTable(text6)).to.deep.equal([{ inode: 4_242, state: 'listen' }]);
  });

  it('leaves out a line that is cut off', () => {
    const whole = tcpLine({ state: '01', inode: 5 });
    const cut = whole.slice(0, whole.indexOf(' 5 1 '));
    expect(parseTcpTable(tcpTable([whole, cut, whole]))).to.have.lengthOf(2);
  });

  it('is empty for a table without sockets', () => {
    expect(parseTcpTable(tcpTable([]))).to.deep.equal([]);
  });

  it('throws for a text that is no table', () => {
    for (const text of ['', 'garbage', '\0\0\0', tcpLine({ state: '01', inode: 5 })]) {
      expect(() => parseTcpTable(text), JSON.stringify(text)).to.throw(UnexpectedContentError);
    }
  });
});

describe('ConnectionTable', () => {
  const { tree: newTree } = workshop();

  function counts(tree: ReturnType<typeof newTree>, inodes: number[]): Record<string, number> {
    const table = new ConnectionTable(tree.root);
    try {
      return table.count(new Set(inodes));
    } finally {
      table.close();
    }
  }

  it('counts the given sockets in both tables, and no others', () => {
    const tree = newTree();
    tree.write(
      'net/tcp',
      tcpTable([
        tcpLine({ state: '0A', inode: 1 }),
        tcpLine({ state: '01', inode: 2 }),
        tcpLine({ state: '01', inode: 3 }),
        tcpLine({ state: '01', inode: 99 }),
      ]),
    );
    tree.write(
      'net/tcp6',
      tcpTable([
        tcpLine({ state: '01', inode: 4, local: `${LONG}:1F90`, remote: `${LONG}:0000` }),
        tcpLine({ state: '08', inode: 98, local: `${LONG}:1F90`, remote: `${LONG}:0000` }),
      ]),
    );
    expect(counts(tree, [1, 2, 3, 4, 5])).to.deep.equal({ ...NONE, listen: 1, established: 3 });
  });

  it('counts a socket once that is in the table twice', () => {
    const tree = newTree();
    const line = tcpLine({ state: '01', inode: 1 });
    tree.write('net/tcp', tcpTable([line, line]));
    tree.write('net/tcp6', tcpTable([line]));
    expect(counts(tree, [1])).to.deep.equal({ ...NONE, established: 1 });
  });

  it('reads a table that is longer than its buffer', () => {
    const tree = newTree();
    const inodes = Array.from({ length: 2_000 }, (_, index) => index + 1);
    const table = tcpTable(inodes.map(inode => tcpLine({ state: '01', inode })));
    expect(table.length).to.be.above(4 * 65_536);
    tree.write('net/tcp', table);
    expect(counts(tree, inodes)).to.deep.equal({ ...NONE, established: 2_000 });
  });

  it('does with one table where the other is missing or garbage', () => {
    const tree = newTree();
    tree.write('net/tcp', tcpTable([tcpLine({ state: '01', inode: 1 })]));
    expect(counts(tree, [1])).to.deep.equal({ ...NONE, established: 1 });
    tree.write('net/tcp6', 'garbage');
    expect(counts(tree, [1])).to.deep.equal({ ...NONE, established: 1 });
    tree.write('net/tcp', '');
    tree.write('net/tcp6', tcpTable([tcpLine({ state: '01', inode: 1 })]));
    expect(counts(tree, [1])).to.deep.equal({ ...NONE, established: 1 });
  });

  it('throws the first error where there is no table at all', () => {
    const tree = newTree();
    expect(() => counts(tree, [1]))
      .to.throw()
      .with.property('code', 'ENOENT');
    tree.write('net/tcp', 'garbage');
    expect(() => counts(tree, [1])).to.throw(UnexpectedContentError);
  });
});
