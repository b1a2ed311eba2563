import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { requireOf, whyNotHere } from 'test-helpers/sdk-line';
import type { SdkLine } from 'test-helpers/sdk-line';

const TYPE_OF_KIND: Readonly<Record<string, string>> = {
  1: 'minor',
  4: 'major',
  8: 'incremental',
  16: 'weakcb',
};
const COPIED = ['otel-runtime-kit', 'otel-gc-instrumentation', 'otel-memory-metrics'];

type Durations = Readonly<Record<string, { readonly count: number; readonly seconds: number }>>;
type Counts = Readonly<Record<string, number>>;

interface Output {
  readonly classesDiffer: boolean;
  readonly sdksDiffer: boolean;
  readonly sameSource: boolean;
  readonly sameSampler: boolean;
  readonly both: { readonly a: Durations; readonly b: Durations; readonly witness: Counts };
  readonly milliseconds: Counts;
  readonly running: { readonly observers: number; readonly profilers: number; readonly timers: number };
  readonly one: { readonly a: Durations; readonly b: Durations; readonly witness: Counts };
  readonly left: { readonly observers: number; readonly profilers: number; readonly timers: number };
}

/** A folder with a node_modules of its own, as npm makes one for a dependency that another version is needed of. */
function copyPackages(folder: string, apiOf: SdkLine): void {
  for (const name of COPIED) {
    const source = join(repositoryRoot, 'packages', name);
    const target = join(folder, 'node_modules', name);
    cpSync(join(source, 'dist', 'src'), join(target, 'dist', 'src'), { recursive: true });
    cpSync(join(source, 'package.json'), join(target, 'package.json'));
  }
  const [api = ''] =
    /^.*[\\/]@opentelemetry[\\/]api(?=[\\/])/.exec(requireOf(apiOf).resolve('@opentelemetry/api')) ?? [];
  mkdirSync(join(folder, 'node_modules', '@opentelemetry'));
  symlinkSync(api, join(folder, 'node_modules', '@opentelemetry', 'api'), 'junction');
}

function counts(durations: Durations): Counts {
  return Object.fromEntries(Object.entries(durations).map(([type, { count }]) => [type, count]));
}

function byType(byKind: Counts): Counts {
  return Object.fromEntries(
    Object.entries(byKind).map(([kind, count]) => [TYPE_OF_KIND[kind] ?? kind, count]),
  );
}

describe('two copies of the packages, and of the SDK, in one process', () => {
  let folder = '';
  let output: Output;

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'copies-')));
    const newer = whyNotHere(3) === undefined ? 3 : 2;
    copyPackages(join(folder, 'a'), 2);
    copyPackages(join(folder, 'b'), newer);
    const { code, stdout, stderr } = await runFixture(join(__dirname, 'fixtures', 'copies.js'), {
      args: [join(folder, 'a'), join(folder, 'b')],
      nodeArgs: ['--expose-gc'],
    });
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    output = JSON.parse(stdout) as Output;
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('are two, and share one sampler and one source of collections', () => {
    const { classesDiffer, sdksDiffer, sameSource, sameSampler, running } = output;
    expect({ classesDiffer, sameSource, sameSampler }).to.deep.equal({
      classesDiffer: true,
      sameSource: true,
      sameSampler: true,
    });
    // Two lines of the SDK only where both run.
    expect(sdksDiffer).to.equal(whyNotHere(3) === undefined);
    expect(running).to.deep.equal({ observers: 1, profilers: 1, timers: 1 });
  });

  it('each record every collection, as an observer of nobody counts them', () => {
    const { a, b, witness } = output.both;
    expect(counts(a)).to.deep.equal(byType(witness));
    expect(counts(b)).to.deep.equal(byType(witness));
    expect(a).to.deep.equal(b);
    expect(counts(a)).to.include.all.keys('minor', 'major', 'incremental');
    for (const [kind, milliseconds] of Object.entries(output.milliseconds)) {
      expect(a[TYPE_OF_KIND[kind]!]!.seconds).to.be.closeTo(milliseconds / 1000, 1e-9);
    }
  });

  it('go on by themselves: the one that is stopped records no more, the other one all', () => {
    const { a, b, witness } = output.one;
    expect(a).to.deep.equal(output.both.a);
    expect(counts(b)).to.deep.equal(byType(witness));
    expect(counts(b)['major']).to.be.above(counts(a)['major']!);
  });

  it('leave no observer, no profiler and no timer when both have stopped', () => {
    expect(output.left).to.deep.equal({ observers: 0, profilers: 0, timers: 0 });
  });
});
