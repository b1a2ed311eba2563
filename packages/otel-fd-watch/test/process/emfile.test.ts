import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import type { WatchedProcess } from '../fixtures/watched-process-client.js';
import { watchedProcesses } from '../fixtures/watched-process-client.js';

const LIMIT = 256;
const DIRECTORY = { path: '/proc/self/fd', listsItself: true };
const METHODS = {
  'by stat where the kernel has it': { directory: { ...DIRECTORY, sizeMayCount: true } },
  'by listing': { directory: { ...DIRECTORY, sizeMayCount: false } },
};
const options = { byKindIntervalMillis: 5_000, connections: true };

/** What a process has open that may be the reserve: the folder itself in procfs, else a `/dev/null`, as others too. */
function mayBeReserve(watched: WatchedProcess): number {
  return watched.listed().filter(({ target }) => /^\/dev\/null$|^\/proc\/\d+\/fd$/.test(target)).length;
}

describe('a process that has run out of descriptors', () => {
  const launch = watchedProcesses();

  before(function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
  });

  for (const [name, machine] of Object.entries(METHODS)) {
    it(`is still counted exactly, by kind and against its limit: ${name}`, async () => {
      const watched = await launch({ shellPrefix: `ulimit -n ${LIMIT}` });
      await watched.ask('start', { machine, options });
      const reserves = mayBeReserve(watched);
      const { open: atStart } = await watched.after(5_000);
      expect(atStart).to.equal(watched.listedCount());
      expect(await watched.ask('exhaust')).to.equal('EMFILE');

      // Thirteen rounds: the limit is read again too.
      for (let round = 0; round < 13; round += 1) {
        const { open, byKind, limit, utilization, connections } = await watched.after(5_000);
        expect(open).to.equal(watched.listedCount());
        expect(open).to.be.at.least(LIMIT);
        expect(byKind).to.deep.equal(watched.listedByKind());
        expect(limit).to.deep.equal({ soft: LIMIT, hard: LIMIT });
        expect(utilization).to.equal((open ?? NaN) / LIMIT);
        expect(connections?.established).to.equal(0);
        expect(mayBeReserve(watched), 'the reserve is taken back each time').to.equal(reserves);
      }
      const { snapshot, errors, pressures } = await watched.ask('look');
      expect(snapshot.pressure).to.deep.equal({ ratio: true, count: false });
      expect(pressures).to.have.lengthOf(1);
      expect(pressures[0]).to.deep.include({ reason: 'ratio', open: snapshot.open, byKind: snapshot.byKind });
      expect(snapshot.timeToLimitSeconds).to.equal(0);
      expect(errors).to.deep.equal({});

      await watched.ask('release', { count: 100 });
      const later = await watched.after(5_000);
      expect(later.open).to.equal(watched.listedCount());
      expect(later.open).to.equal((snapshot.open ?? NaN) - 100);
      expect(later.byKind).to.deep.equal(watched.listedByKind());
    });
  }

  it('that is watched only from then on: what needs a descriptor fails, is counted, and comes back', async () => {
    const watched = await launch({ shellPrefix: `ulimit -n ${LIMIT}` });
    expect(await watched.ask('exhaust')).to.equal('EMFILE');
    await watched.ask('start', { options });
    const byStat = (await watched.ask('countMethod', {})) === 'stat';
    const reserves = mayBeReserve(watched);

    const { snapshot: atStart, errors: errorsAtStart } = await watched.ask('look');
    expect(atStart.open).to.equal(byStat ? watched.listedCount() : null);
    expect(atStart.byKind).to.equal(null);
    expect(atStart.limit).to.deep.equal({ soft: null, hard: null });
    const missed = byStat ? {} : { 'fd.count:EMFILE': 1 };
    expect(errorsAtStart).to.deep.equal({ 'fd.kinds:EMFILE': 1, 'fd.limit:EMFILE': 1, ...missed });

    // Ten seconds: two more counts and scans, and with each count another try at the limit.
    await watched.after(10_000);
    const { errors } = await watched.ask('look');
    const missedMore = byStat ? {} : { 'fd.count:EMFILE': 3 };
    expect(errors).to.deep.equal({ 'fd.kinds:EMFILE': 3, 'fd.limit:EMFILE': 3, ...missedMore });

    // Enough for the reserve, the limits and the two tables of connections.
    await watched.ask('release', { count: 4 });
    const back = await watched.after(60_000);
    expect(back.open).to.equal(watched.listedCount());
    expect(back.open).to.be.at.least(LIMIT);
    expect(back.byKind).to.deep.equal(watched.listedByKind());
    expect(back.limit).to.deep.equal({ soft: LIMIT, hard: LIMIT });
    expect(back.connections?.established).to.equal(0);
    expect(mayBeReserve(watched), 'the reserve is there now').to.equal(reserves + 1);
    expect((await watched.ask('look')).errors).to.deep.equal(errors);
  });

  it('that is watched only from then on and counted by listing alone', async () => {
    const watched = await launch({ shellPrefix: `ulimit -n ${LIMIT}` });
    expect(await watched.ask('exhaust')).to.equal('EMFILE');
    const machine = METHODS['by listing'];
    await watched.ask('start', { options, machine });
    const { snapshot, errors } = await watched.ask('look');
    expect(snapshot.open).to.equal(null);
    expect(snapshot.utilization).to.equal(null);
    expect(errors).to.deep.equal({ 'fd.count:EMFILE': 1, 'fd.limit:EMFILE': 1 });

    await watched.ask('release', { count: 2 });
    const back = await watched.after(60_000);
    expect(back.open).to.equal(watched.listedCount());
    expect(back.limit.soft).to.equal(LIMIT);
  });
});
