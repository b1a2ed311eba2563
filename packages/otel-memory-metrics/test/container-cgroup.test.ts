import { expect } from 'chai';
import type { FakeMachine } from './fixtures/fake-machine.js';
import { MIB } from './fixtures/fake-v8.js';
import type { MemoryRig } from './fixtures/memory-rig.js';
import { workshop } from './fixtures/memory-rig.js';

const MINUTE = 60_000;

/** Of a v2 cgroup that has used 300 MiB, 100 of them inactive file pages. */
const USED_300 = {
  'memory.current': 300 * MIB,
  'memory.stat': `anon ${150 * MIB}\ninactive_file ${100 * MIB}\n`,
} as const;

describe('the cgroup of the container', () => {
  const { rigOn, machine: newMachine } = workshop();
  let machine: FakeMachine;

  beforeEach(() => {
    machine = newMachine()
      .cgroup('start.scope', { 'memory.max': 400 * MIB, ...USED_300 })
      .cgroup('app.scope', { 'memory.max': 800 * MIB, ...USED_300 })
      .cgroup('free.scope', { 'memory.max': 'max', ...USED_300 });
    isIn('/start.scope');
  });

  function isIn(path: string): void {
    machine.proc(`0::${path}`, ['/sys/fs/cgroup']);
  }

  /** What a collection says of it. */
  function values(watch: MemoryRig): Record<string, number | undefined> {
    return {
      usage: watch.value('container.memory.usage'),
      limit: watch.value('vitals.container.memory.limit'),
      utilization: watch.value('vitals.container.memory.utilization'),
      time: watch.value('vitals.memory.time_to_limit', { 'vitals.memory.limit': 'container' }),
    };
  }

  const USUAL = { usage: 300 * MIB, time: 604_800 };

  it('is another within a minute of being moved to another, with the same rows', () => {
    const watch = rigOn(machine).start();
    expect(values(watch)).to.deep.equal({ ...USUAL, limit: 400 * MIB, utilization: 0.5 });
    const { names } = watch;
    watch.clock.advance(MINUTE + 5_000);
    isIn('/app.scope');
    watch.clock.advance(MINUTE - 5_000);
    expect(values(watch)).to.deep.equal({ ...USUAL, limit: 800 * MIB, utilization: 0.25 });
    expect(watch.names).to.deep.equal(names);
    expect(watch.errors()).to.deep.equal({});
    // Others that are still in the old one are not spoken of.
    machine.cgroup('start.scope', { 'memory.current': 399 * MIB });
    watch.clock.advance(5_000);
    expect(watch.value('container.memory.usage')).to.equal(300 * MIB);
  });

  it('goes on counting events from where they were, whatever the other has had before', () => {
    const events = (max: number, kills: number): { 'memory.events': string } => ({
      'memory.events': `low 0\nhigh 0\nmax ${max}\noom 0\noom_kill ${kills}\n`,
    });
    machine.cgroup('start.scope', events(2, 0)).cgroup('app.scope', events(9_000, 7));
    const watch = rigOn(machine).start();
    const told = (): (number | undefined)[] =>
      ['max', 'oom_kill'].map(event =>
        watch.value('vitals.container.memory.events', { 'vitals.event': event }),
      );
    expect(told()).to.deep.equal([2, 0]);
    isIn('/app.scope');
    watch.clock.advance(MINUTE);
    expect(told()).to.deep.equal([2, 0]);
    machine.cgroup('app.scope', events(9_005, 8));
    watch.clock.advance(5_000);
    expect(told()).to.deep.equal([7, 1]);
    isIn('/');
    watch.clock.advance(MINUTE);
    expect(told()).to.deep.equal([7, 1]);
  });

  it('is looked for once a minute and not more often, at any interval', () => {
    for (const sampleIntervalMillis of [1_000, 5_000, 7_000, 60_000, 90_000]) {
      isIn('/start.scope');
      const watch = rigOn(machine, { sampleIntervalMillis }).start();
      const seen: number[] = [];
      for (let round = 0; round < 4; round += 1) {
        const next = ['/app.scope', '/start.scope'][round % 2] ?? '';
        isIn(next);
        const limit = next === '/app.scope' ? 800 : 400;
        const begin = watch.clock.nowMillis();
        do watch.clock.advance(sampleIntervalMillis);
        while (watch.snapshot.container?.limitBytes !== limit * MIB && watch.clock.nowMillis() < begin + 1e6);
        seen.push(watch.clock.nowMillis() - begin);
      }
      const expected = Math.ceil(MINUTE / sampleIntervalMillis) * sampleIntervalMillis;
      expect(seen.slice(1), `every ${sampleIntervalMillis} ms`).to.deep.equal([expected, expected, expected]);
      watch.instrumentation.disable();
    }
  });

  it('begins a trend of its own: that it holds more than the one before is no growth', () => {
    const watch = rigOn(machine.cgroup('app.scope', { 'memory.current': 800 * MIB })).start();
    watch.clock.advance(30 * MINUTE);
    isIn('/app.scope');
    for (let minute = 1; minute <= 40; minute += 1) {
      watch.clock.advance(MINUTE);
      expect(values(watch), `minute ${minute}`).to.include({ utilization: 0.875, time: 604_800 });
    }
    for (let minute = 1; minute <= 30; minute += 1) {
      machine.cgroup('app.scope', { 'memory.current': (800 + minute) * MIB });
      watch.clock.advance(MINUTE);
    }
    expect(values(watch)['time']).to.be.closeTo(70 * 60, 70);
  });

  it('has rows that stay, and no limit, in one that has none: what was warned of is over', () => {
    const watch = rigOn(machine).start();
    isIn('/free.scope');
    watch.clock.advance(MINUTE);
    expect(values(watch)).to.deep.equal({ ...USUAL, limit: undefined, utilization: 0 });
    isIn('/app.scope');
    watch.clock.advance(MINUTE);
    expect(values(watch)).to.deep.equal({ ...USUAL, limit: 800 * MIB, utilization: 0.25 });
  });

  it('is none in the root: it uses nothing, and what was warned of is over, until there is one', () => {
    const watch = rigOn(machine).start();
    isIn('/');
    watch.clock.advance(MINUTE);
    expect(values(watch)).to.deep.equal({ usage: 0, limit: undefined, utilization: 0, time: 604_800 });
    expect(watch.snapshot.container).to.include({
      usageBytes: 0,
      workingSetBytes: 0,
      availableBytes: null,
      limitBytes: null,
      limitSource: null,
    });
    isIn('/app.scope');
    watch.clock.advance(MINUTE);
    expect(values(watch)).to.deep.equal({ ...USUAL, limit: 800 * MIB, utilization: 0.25 });
    expect(watch.errors()).to.deep.equal({});
  });

  it('in the root leaves a limit that is given to be compared with the resident set', () => {
    const watch = rigOn(machine, { limitBytes: 200_000 * 1024 }).start();
    expect(watch.value('vitals.container.memory.utilization')).to.equal((200 * MIB) / (200_000 * 1024));
    isIn('/');
    watch.clock.advance(MINUTE);
    expect(values(watch)).to.deep.equal({
      usage: undefined,
      limit: 200_000 * 1024,
      utilization: 0.5,
      time: 604_800,
    });
  });

  it('is found anew after its files are gone, though nothing says that it moved', () => {
    const watch = rigOn(
      machine.cgroup('outer', { 'memory.max': 1_600 * MIB, ...USED_300 }).cgroup('outer/inner', {
        'memory.max': 400 * MIB,
        'memory.current': 300 * MIB,
      }),
    );
    isIn('/outer/inner');
    // One of its files is not there, so that each reading fails.
    watch.start();
    expect(values(watch)).to.include({ usage: 300 * MIB, limit: 400 * MIB, utilization: undefined });
    expect(watch.errors()).to.deep.equal({ 'memory.container:ENOENT': 2 });
    // Its controller is taken away.
    machine.remove('cgroup/outer/inner/memory.current');
    watch.clock.advance(MINUTE);
    expect(values(watch)).to.deep.equal({ ...USUAL, limit: 1_600 * MIB, utilization: 0.125 });
    const errors = watch.errors();
    watch.clock.advance(5 * MINUTE);
    expect(watch.errors()).to.deep.equal(errors);
  });

  it('is not followed where it is none that is meant', () => {
    isIn('/free.scope');
    const watch = rigOn(machine).start();
    expect(watch.names.filter(name => name.includes('container'))).to.deep.equal([]);
    isIn('/app.scope');
    watch.clock.advance(3 * MINUTE);
    expect(watch.snapshot.container).to.equal(null);
  });
});
