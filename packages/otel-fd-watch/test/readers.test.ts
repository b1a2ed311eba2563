import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { expect } from 'chai';
import { closeSync, openSync, readdirSync } from 'node:fs';
import { ManualReader } from 'test-helpers/manual-reader';
import { skipBecause } from 'test-helpers/skip-because';
import { workshop } from './fixtures/watch-rig.js';

describe('two readers', () => {
  const { rig, rigOver, tree: newTree } = workshop();

  it('see the same of a recording provider, however often each collects', () => {
    const tree = newTree();
    tree.writeLimits(1_000);
    tree.link(10);
    const watch = rigOver(tree, { connections: true }).start();
    for (let tick = 0; tick < 20; tick += 1) {
      tree.link(3);
      watch.clock.advance(5_000);
      const points = watch.provider.collect();
      expect(watch.provider.collect()).to.deep.equal(points);
      expect(points.find(({ name }) => name === 'process.unix.file_descriptor.count')?.value).to.equal(
        10 + 3 * (tick + 1),
      );
    }
  });

  it('of a real MeterProvider see the same, and what the process has open', async function () {
    if (process.platform !== 'linux') skipBecause(this, 'needs /proc');
    const readers = [new ManualReader(), new ManualReader()] as const;
    const provider = new MeterProvider({ readers: [...readers] });
    const watch = rig({ connections: true, sampleIntervalMillis: 60_000 });
    watch.instrumentation.setMeterProvider(provider);
    const opened: number[] = [];
    try {
      for (let tick = 0; tick < 6; tick += 1) {
        for (let i = 0; i < 10; i += 1) opened.push(openSync('/dev/zero', 'r'));
        watch.clock.advance(60_000);
        // Less the one of this listing.
        const listed = readdirSync('/proc/self/fd').length - 1;
        const first = await readers[0].values();
        const again = await readers[0].values();
        const second = await readers[1].values();
        expect(again).to.deep.equal(first);
        expect(second).to.deep.equal(first);
        expect(first['process.unix.file_descriptor.count']).to.equal(listed);
        const kinds = Object.entries(first).filter(([key]) => key.startsWith('vitals.fd.open{'));
        expect(kinds).to.have.lengthOf(9);
        expect(kinds.reduce((sum, [, value]) => sum + (value as number), 0)).to.equal(listed);
      }
      const { 'vitals.fd.growth': growth } = await readers[1].values();
      expect(growth).to.be.closeTo(10 / 60, 1e-9);
    } finally {
      for (const descriptor of opened) closeSync(descriptor);
      await provider.shutdown();
    }
  });
});
