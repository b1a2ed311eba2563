import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { askedProcesses } from 'test-helpers/asked-process';
import type { AskedProcess } from 'test-helpers/asked-process';
import { whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import type { Readings, commands } from './fixtures/side-by-side.js';

const FIXTURE = join(__dirname, 'fixtures', 'side-by-side.js');
const KILOBYTE = 1024;
const MEGABYTE = 1024 * KILOBYTE;
const SPACE_MEASURES = ['used', 'size', 'available', 'physical'] as const;

/**
 * How far outside of the two readings of the truth a value may be, where something else than this thread can change it
 * in between.
 *
 * Descriptors belong to this thread alone: they can only be inside. Nothing was collected in between, but threads of V8
 * still free buffers, sweep what was marked earlier and give pages back. The kernel counts pages for each CPU by itself and
 * adds them up in batches of 32 or more.
 */
const SLACK_BYTES = {
  none: 0,
  buffers: 256 * KILOBYTE,
  sweeping: 256 * KILOBYTE,
  pages: 2 * MEGABYTE,
} as const;

/** What is read of a thing: by name of the truth, by series of everybody who reports it. */
interface Compared {
  readonly truth: string;
  readonly slack: keyof typeof SLACK_BYTES;
  readonly ours: string;
  readonly promClient?: string;
  readonly runtimeNode?: string;
}

const TOTALS: readonly Compared[] = [
  {
    truth: 'heap used',
    slack: 'sweeping',
    ours: 'vitals.heap.used',
    promClient: 'nodejs_heap_size_used_bytes',
  },
  {
    truth: 'heap size',
    slack: 'sweeping',
    ours: 'vitals.heap.size',
    promClient: 'nodejs_heap_size_total_bytes',
  },
  {
    truth: 'external',
    slack: 'buffers',
    ours: 'vitals.memory.external',
    promClient: 'nodejs_external_memory_bytes',
  },
  { truth: 'array buffers', slack: 'buffers', ours: 'vitals.memory.array_buffers' },
  {
    truth: 'resident',
    slack: 'pages',
    ours: 'process.memory.usage',
    promClient: 'process_resident_memory_bytes',
  },
  {
    truth: 'virtual',
    slack: 'pages',
    ours: 'process.memory.virtual',
    promClient: 'process_virtual_memory_bytes',
  },
  {
    truth: 'descriptors',
    slack: 'none',
    ours: 'process.unix.file_descriptor.count',
    promClient: 'process_open_fds',
  },
  {
    truth: 'soft limit',
    slack: 'none',
    ours: 'vitals.fd.limit{vitals.fd.limit.type="soft"}',
    promClient: 'process_max_fds',
  },
];

/** The heap spaces of this V8, and what everybody calls them. */
function spacesIn({ before }: Readings): Compared[] {
  const metrics = {
    used: ['v8js.memory.heap.used', 'nodejs_heap_space_size_used_bytes'],
    size: ['v8js.memory.heap.space.size', 'nodejs_heap_space_size_total_bytes'],
    available: ['v8js.memory.heap.space.available_size', 'nodejs_heap_space_size_available_bytes'],
    physical: ['v8js.memory.heap.space.physical_size', undefined],
  } as const;
  return Object.keys(before).flatMap(truth => {
    const [, space, word] = /^(\w+) (used|size|available|physical)$/.exec(truth) ?? [];
    const measure = SPACE_MEASURES.find(each => each === word);
    if (space?.endsWith('_space') !== true || measure === undefined) return [];
    const [name, promClient] = metrics[measure];
    const series = `${name}{v8js.heap.space.name="${space}"}`;
    return [
      {
        truth,
        slack: 'sweeping' as const,
        ours: series,
        runtimeNode: series,
        ...(promClient === undefined
          ? {}
          : { promClient: `${promClient}{space="${space.slice(0, -'_space'.length)}"}` }),
      },
    ];
  });
}

/** Who says something else than what the truth was around the reading, as sentences. */
function disagreements(readings: Readings, compared: readonly Compared[]): string[] {
  const { before, after } = readings;
  return compared.flatMap(({ truth, slack, ...series }) => {
    const low = Math.min(before[truth]!, after[truth]!) - SLACK_BYTES[slack];
    const high = Math.max(before[truth]!, after[truth]!) + SLACK_BYTES[slack];
    return Object.entries(series as Readonly<Record<'ours' | 'promClient' | 'runtimeNode', string>>).flatMap(
      ([who, name]) => {
        const value = readings[who as keyof typeof series][name];
        if (typeof value === 'number' && value >= low && value <= high) return [];
        return [`${who}: ${name} is ${String(value)}, ${truth} was ${low} to ${high}`];
      },
    );
  });
}

for (const line of [2, 3] as const satisfies readonly SdkLine[]) {
  describe(`readings beside runtime-node and prom-client, OpenTelemetry SDK ${line}.x`, () => {
    const launch = askedProcesses(after);
    let child: AskedProcess<typeof commands>;
    let rounds: Readings[];

    before(async function () {
      const reason = process.platform === 'linux' ? whyNotHere(line) : 'prom-client reads /proc';
      if (reason !== undefined) skipBecause(this, reason);
      child = await launch(FIXTURE);
      await child.ask('start', { line, v8js: true });
      rounds = [];
      for (let round = 0; round < 3; round += 1) {
        await child.ask('load', {});
        rounds.push(await child.ask('read'));
      }
    });

    it('agree on the totals of heap, external memory, resident set, address space and descriptors', () => {
      for (const readings of rounds) expect(disagreements(readings, TOTALS)).to.deep.equal([]);
    });

    it('agree on each space of the heap, by all four measures', () => {
      for (const readings of rounds) {
        const spaces = spacesIn(readings);
        expect(spaces.length).to.be.at.least(4 * 8);
        expect(disagreements(readings, spaces)).to.deep.equal([]);
      }
    });

    it('were made while the truth stood almost still, and moved from one to the next', () => {
      // Else everything would agree. What is allocated in between is what the peers and the test allocate.
      for (const { before, after } of rounds) {
        for (const name of Object.keys(before)) {
          expect(after[name], name).to.be.closeTo(before[name]!, 4 * MEGABYTE);
        }
      }
      const [first, , last] = rounds;
      const largeObjects = ({ before }: Readings): number =>
        before['new_large_object_space used']! + before['large_object_space used']!;
      expect(largeObjects(last!) - largeObjects(first!)).to.be.above(16 * MEGABYTE);
      expect(last!.before['external']! - first!.before['external']!).to.be.above(32 * MEGABYTE);
    });

    it('disagree on the limit of descriptors once it is changed: prom-client keeps the first one', async function () {
      try {
        execFileSync('prlimit', ['--pid', String(child.pid), '--nofile=1000:'], { stdio: 'pipe' });
      } catch (thrown) {
        skipBecause(this, `the limit of a process cannot be set here: ${String(thrown)}`);
      }
      const readings = await child.ask('read');
      expect(readings.before['soft limit']).to.equal(1000);
      const [ours] = disagreements(
        readings,
        TOTALS.filter(({ truth }) => truth === 'soft limit'),
      );
      expect(ours).to.match(/^promClient: process_max_fds is \d+, soft limit was 1000 to 1000$/);
    });
  });
}
