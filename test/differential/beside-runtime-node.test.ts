import { join } from 'node:path';
import { expect } from 'chai';
import { askedProcesses } from 'test-helpers/asked-process';
import { parseScrape } from 'test-helpers/prometheus-text';
import type { ScrapedText } from 'test-helpers/prometheus-text';
import { whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import type { commands } from './fixtures/side-by-side.js';

const FIXTURE = join(__dirname, 'fixtures', 'side-by-side.js');
const RUNTIME_NODE = '@opentelemetry/instrumentation-runtime-node';

/** Which packages have series of a family, and how often it is declared. */
interface Family {
  readonly declared: number;
  readonly scopes: readonly string[];
}

function v8jsFamilies({ samples, types }: ScrapedText): Readonly<Record<string, Family>> {
  const families = new Set(types.map(({ family }) => family).filter(family => family.startsWith('v8js_')));
  return Object.fromEntries(
    [...families].map(family => [
      family,
      {
        declared: types.filter(each => each.family === family).length,
        scopes: [
          ...new Set(
            samples
              .filter(({ name }) => [family, `${family}_count`].includes(name))
              .map(({ labels }) => labels['otel_scope_name'] ?? ''),
          ),
        ].sort(),
      },
    ]),
  );
}

for (const line of [2, 3] as const satisfies readonly SdkLine[]) {
  describe(`v8js.* beside runtime-node, OpenTelemetry SDK ${line}.x`, () => {
    const launch = askedProcesses(afterEach);
    const scrapeWith = async (v8js: boolean): Promise<ScrapedText> => {
      const child = await launch<typeof commands>(FIXTURE);
      const port = await child.ask('start', { line, v8js });
      await child.ask('load', {});
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      await child.ask('stop');
      return parseScrape(text);
    };

    before(function () {
      const reason = whyNotHere(line);
      if (reason !== undefined) skipBecause(this, reason);
    });

    it('are left to it with `v8js: false`: each family once, all of it its own', async () => {
      const scraped = await scrapeWith(false);
      const families = v8jsFamilies(scraped);
      expect(Object.keys(families)).to.include.members([
        'v8js_gc_duration',
        'v8js_memory_heap_used',
        'v8js_memory_heap_space_size',
        'v8js_memory_heap_space_available_size',
        'v8js_memory_heap_space_physical_size',
      ]);
      for (const [family, { declared, scopes }] of Object.entries(families)) {
        expect({ family, declared, scopes }).to.deep.equal({ family, declared: 1, scopes: [RUNTIME_NODE] });
      }
      const names = new Set(scraped.samples.map(({ name }) => name));
      expect(names).to.include.all.keys(
        'vitals_heap_used',
        'vitals_gc_pause_p95',
        'vitals_heap_allocated_total',
      );
    });

    it('are there twice without it, told apart by the scope alone', async () => {
      const families = v8jsFamilies(await scrapeWith(true));
      expect(families['v8js_gc_duration']!.scopes).to.deep.equal([RUNTIME_NODE, 'otel-gc-instrumentation']);
      expect(families['v8js_memory_heap_used']!.scopes).to.deep.equal([RUNTIME_NODE, 'otel-memory-metrics']);
      // The exporter of SDK 2.x declares a family for each scope, that of 3.x once.
      expect(families['v8js_gc_duration']!.declared).to.equal(line === 2 ? 2 : 1);
    });
  });
}
