import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { heapInUse } from 'test-helpers/heap-in-use';
import { ManualReader } from 'test-helpers/manual-reader';
import { skipBecause } from 'test-helpers/skip-because';
import { MIB } from './fixtures/fake-v8.js';
import { linux, workshop } from './fixtures/memory-rig.js';

describe('two readers of a real MeterProvider', () => {
  const { rig } = workshop();

  it('see the same of the same sample, whatever happens between their collections', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const readers = [new ManualReader(), new ManualReader()] as const;
    const provider = new MeterProvider({ readers: [...readers] });
    const watch = rig({ containerMetrics: true, sampleIntervalMillis: 60_000 }, linux());
    watch.instrumentation.setMeterProvider(provider);
    const kept: Buffer[] = [];
    // What earlier tests have left would be given back in between, and hide the growth.
    await heapInUse();
    try {
      for (let tick = 0; tick < 10; tick += 1) {
        watch.clock.advance(60_000);
        const first = await readers[0].values();
        kept.push(Buffer.alloc(8 * MIB, 1));
        const second = await readers[1].values();
        expect(second).to.deep.equal(first);
        expect(await readers[0].values()).to.deep.equal(first);
        const { process: memory, heap } = watch.snapshot;
        expect(first['process.memory.usage']).to.equal(memory?.residentBytes);
        expect(first['vitals.memory.external']).to.equal(heap?.externalBytes);
        expect(first['v8js.memory.heap.used{v8js.heap.space.name="old_space"}']).to.equal(
          heap?.spaces['old_space']?.usedBytes,
        );
      }
      const values = await readers[1].values();
      // 8 MiB a minute; what the rest of this process does to it is little.
      expect(values['vitals.memory.growth{vitals.memory.signal="external"}']).to.be.closeTo(
        (8 * MIB) / 60,
        (0.5 * MIB) / 60,
      );
      expect(kept).to.have.lengthOf(10);
    } finally {
      await provider.shutdown();
    }
  });
});
