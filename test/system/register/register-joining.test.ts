import { expect } from 'chai';
import { parseScrape } from 'test-helpers/prometheus-text';
import type { ScrapedText } from 'test-helpers/prometheus-text';
import { repositoryRoot } from 'test-helpers/repository';
import { SDK_LINES, whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { join } from 'node:path';
import { APPLICATIONS, REGISTER, ask, registeredProcesses } from './registered-process.js';

const joined = (scrape: string): boolean => /^process_memory_usage\{/m.test(scrape);

/** The application's own set-up, and when it comes. */
const SET_UPS: Record<string, { readonly application: string; readonly nodeArgs?: string[] }> = {
  'before register, by --require': {
    application: 'service.cjs',
    nodeArgs: ['--require', join(APPLICATIONS, 'telemetry.cjs'), '--require', REGISTER],
  },
  'after register, by --require': {
    application: 'service.cjs',
    nodeArgs: ['--require', REGISTER, '--require', join(APPLICATIONS, 'telemetry.cjs')],
  },
  'while a CommonJS application is loaded': { application: 'service-with-sdk.cjs' },
  'while a CommonJS application is loaded, with --import': {
    application: 'service-with-sdk.cjs',
    nodeArgs: ['--import', REGISTER],
  },
  'in an ES module that waits for something first': {
    application: 'service-with-sdk.mjs',
    nodeArgs: ['--import', REGISTER],
  },
};

describe('register in an application that has a meter provider', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);

  for (const [when, { application, nodeArgs }] of Object.entries(SET_UPS)) {
    it(`joins the one that is registered ${when}, and opens no port`, async () => {
      const started = launch(application, nodeArgs === undefined ? {} : { nodeArgs });
      const scrape = await started.askUntil('scrape', joined);
      // Twice the same series would fail here.
      const { samples } = parseScrape(scrape);
      expect(samples.filter(({ name }) => name === 'vitals_heap_used')).to.have.lengthOf(1);
      expect(await started.end()).to.deep.include({ code: 0, stderr: '' });
    });
  }

  for (const line of [2, 3] as const satisfies SdkLine[]) {
    it(`moves to one of SDK ${line}.x that is registered late, and ends its own`, async function () {
      const reason = whyNotHere(line);
      if (reason !== undefined) skipBecause(this, reason);
      const workspace = join(repositoryRoot, 'test', SDK_LINES[line].workspace, 'package.json');
      const started = launch('service.cjs', { env: { SDK_FROM: workspace } });
      const [url] = await started.announced();
      expect(await ask(`${url!}/metrics`)).to.have.property('status', 200);
      expect(await started.ask('sdk'), 'the registration succeeds').to.equal(true);
      await started.askUntil('scrape', joined);
      for (let refused = false; !refused;) {
        refused = await ask(`${url!}/metrics`).then(
          () => false,
          (thrown: unknown) => (thrown as { code?: string }).code === 'ECONNREFUSED',
        );
      }
      expect(await started.end()).to.have.property('code', 0);
      expect(started.notices).to.have.lengthOf(1);
    });
  }

  const majorsOf = ({ samples }: ScrapedText): number =>
    samples.find(
      ({ name, labels }) => name === 'v8js_gc_duration_count' && labels['v8js_gc_type'] === 'major',
    )?.value ?? 0;

  it('adds nothing to one that has the instrumentations already', async () => {
    const started = launch('service-with-vitals.cjs', { nodeArgs: ['--expose-gc', '--require', REGISTER] });
    await started.askUntil('scrape', joined);
    // Longer than register takes to join.
    await new Promise(resolve => setTimeout(resolve, 1_500));
    const counted = (await started.ask('collect')) as number;
    const after = parseScrape((await started.ask('scrape')) as string);
    expect(counted).to.be.at.least(5);
    expect(majorsOf(after)).to.equal(counted);
    expect(await started.end()).to.deep.include({ code: 0, stderr: '' });
  });

  it('gives way when the application adds the instrumentations itself, later than register has joined', async () => {
    const started = launch('service-with-sdk.cjs', { nodeArgs: ['--expose-gc', '--require', REGISTER] });
    await started.askUntil('scrape', joined);
    const countedBefore = (await started.ask('collect')) as number;
    const before = parseScrape((await started.ask('scrape')) as string);
    await started.ask('vitals');
    const counted = (await started.ask('collect')) as number;
    const after = parseScrape((await started.ask('scrape')) as string);
    expect(counted - countedBefore).to.be.at.least(5);
    expect(majorsOf(after) - majorsOf(before)).to.equal(counted - countedBefore);
    expect(after.samples.filter(({ name }) => name === 'vitals_heap_used')).to.have.lengthOf(1);
    expect(await started.end()).to.deep.include({ code: 0, stderr: '' });
  });

  it('joins, in a worker thread, what the worker registers, and serves nothing for the worker', async () => {
    const started = launch('worker.cjs');
    const [url] = await started.announced();
    const scrape = await started.askUntil('scrape', text => /^vitals_heap_used\{/m.test(text));
    expect(scrape).to.include('\nvitals_gc_utilization{');
    // The main thread speaks for the process.
    expect(scrape).to.not.include('\nprocess_memory_usage{');
    expect((await ask(`${url!}/metrics`)).body).to.include('\nprocess_memory_usage{');
    await started.end();
    expect(started.notices).to.have.lengthOf(1);
  });
});
