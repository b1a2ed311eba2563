import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { RecordingMeterProvider } from 'test-helpers/recording-meter';
import { skipBecause } from 'test-helpers/skip-because';
import { promClientViews, startVitals, vitals } from '../src/index.js';

describe('promClientNames', () => {
  it('adds the soft limit of descriptors alone, in the scope that the count is in', function () {
    if (process.platform !== 'linux') skipBecause(this, 'the second source is /proc');
    const provider = new RecordingMeterProvider();
    const started = startVitals(provider, { sampleIntervalMillis: 60_000, promClientNames: true });
    try {
      const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
      const points = provider.collect().filter(({ name }) => name === 'process_max_fds');
      expect(points).to.deep.equal([{ name: 'process_max_fds', value: Number(soft), attributes: {} }]);
      const meters = provider.instruments
        .filter(({ name }) => /^process_max_fds$|^process\.unix\./.test(name))
        .map(({ meter }) => meter);
      expect(meters).to.deep.equal(['otel-fd-watch', 'otel-fd-watch']);
      expect(provider.names).to.include('v8js.memory.heap.space.available_size');
    } finally {
      started.shutdown();
    }
    expect(provider.callbackCount).to.equal(0);
  });

  it('is off by default, is off with its instrumentation, and leaves heapSpaceDetails to who gives it', () => {
    const provider = new RecordingMeterProvider();
    for (const options of [
      {},
      { promClientNames: true, fd: { enabled: false } },
      { promClientNames: true, fd: false },
    ] as const) {
      startVitals(provider, { sampleIntervalMillis: 60_000, ...options }).shutdown();
    }
    expect(provider.names).to.not.include('process_max_fds');
    const [memory] = vitals({ promClientNames: true, memory: { heapSpaceDetails: false } });
    expect(memory?.getConfig()).to.deep.include({ heapSpaceDetails: false });
  });
});

describe('promClientViews()', () => {
  it('selects each instrument once, and only instruments that exist', () => {
    const provider = new RecordingMeterProvider();
    startVitals(provider, { sampleIntervalMillis: 60_000, promClientNames: true }).shutdown();
    const views = promClientViews();
    const selected = views.map(({ instrumentName }) => instrumentName);
    expect(new Set(selected).size).to.equal(selected.length);
    // Elsewhere some have no source.
    if (process.platform === 'linux') expect(provider.names).to.include.members(selected);
    for (const { meterName, instrumentName } of views) {
      if (meterName === undefined) continue;
      const made = provider.instruments.filter(({ name }) => name === instrumentName);
      expect(made.map(({ meter }) => meter).filter(meter => meter !== meterName)).to.deep.equal([]);
    }
  });

  it('keeps our own names beside them only if asked to', () => {
    const named = promClientViews();
    const both = promClientViews({ keepOwnNames: true });
    expect(named.every(({ name }) => name !== undefined)).to.equal(true);
    expect(
      both.filter(({ name }) => name === undefined).map(({ instrumentName }) => instrumentName),
    ).to.deep.equal(named.map(({ instrumentName }) => instrumentName));
  });

  it('gives spaces and kinds the labels that prom-client gives them, and drops no other series', () => {
    const processorOf = (name: string) =>
      promClientViews().find(view => view.name === name)!.attributesProcessors![0]!;
    const spaces = processorOf('nodejs_heap_space_size_used_bytes');
    const labelOf = (name: string) => spaces.process({ 'v8js.heap.space.name': name });
    expect(labelOf('new_space')).to.deep.equal({ space: 'new' });
    expect(labelOf('code_large_object_space')).to.deep.equal({ space: 'code_large_object' });
    expect(labelOf('another')).to.deep.equal({ space: 'another' });
    expect(labelOf('new_space')).to.equal(labelOf('new_space'));
    const kinds = processorOf('nodejs_gc_duration_seconds');
    expect(kinds.process({ 'v8js.gc.type': 'minor', other: 1 })).to.deep.equal({ kind: 'minor' });
    expect(kinds.process({})).to.deep.equal({});
  });
});
