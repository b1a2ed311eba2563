import { expect } from 'chai';
import { expand } from '../src/query/expand.js';
import { knownSeries, problemsOf } from '../src/query/known-series.js';
import { parseQuery } from '../src/query/named-series.js';
import { nearest } from '../src/query/nearest.js';

describe('the notation of queries', () => {
  const expanded = (query: string, matchers?: string): string =>
    expand(query, { spelling: 'exporter', ...(matchers === undefined ? {} : { matchers }) });

  it('makes names of both spellings', () => {
    expect(expand('<vitals.heap.live> / 2', { spelling: 'exporter' })).to.equal('vitals_heap_live / 2');
    expect(expand('<vitals.heap.live> / 2', { spelling: 'otlp' })).to.equal('vitals_heap_live_bytes / 2');
  });

  it('names the parts of a histogram, and asks for our scope where the name is not ours alone', () => {
    expect(expand('rate(<v8js.gc.duration:sum{v8js.gc.type="major"}>[5m])', { spelling: 'otlp' })).to.equal(
      'rate(v8js_gc_duration_seconds_sum{v8js_gc_type="major",otel_scope_name=~"(otel-gc-instrumentation)?"}[5m])',
    );
  });

  it('adds the matchers that all selectors are to have', () => {
    expect(
      expanded('<vitals.fd.limit{vitals.fd.limit.type="soft"}> - <vitals.heap.used>', 'job="a"'),
    ).to.equal('vitals_fd_limit{vitals_fd_limit_type="soft",job="a"} - vitals_heap_used{job="a"}');
  });

  it('takes no comparison for a name', () => {
    expect(expanded('a < 5 and b <= 6 and c>d')).to.equal('a < 5 and b <= 6 and c>d');
  });

  it('takes a choice of values', () => {
    expect(expanded('<vitals.memory.growth{vitals.memory.signal=~"rss|native"}>')).to.equal(
      'vitals_memory_growth{vitals_memory_signal=~"rss|native"}',
    );
  });

  const WRONG: readonly (readonly [query: string, message: string])[] = [
    ['<vitals.heap.life>', 'unknown metric "vitals.heap.life"; the nearest is "vitals.heap.live"'],
    [
      '<vitals.gc.utilization{vitals.windows="5m"}>',
      'unknown attribute of vitals.gc.utilization "vitals.windows"; the nearest is "vitals.window"',
    ],
    [
      '<vitals.gc.utilization{vitals.window="6m"}>',
      'unknown value of vitals.window of vitals.gc.utilization "6m"; the nearest is "1m"',
    ],
    [
      '<vitals.memory.growth{vitals.memory.signal=~"rss|heap"}>',
      'unknown value of vitals.memory.signal of vitals.memory.growth "heap"; the nearest is "rss"',
    ],
    ['<vitals.gc.utilization{vitals.window}>', 'not a matcher: vitals.window, of vitals.gc.utilization'],
    ['<v8js.gc.duration>', 'v8js.gc.duration is a histogram: a query names one of bucket, sum, count of it'],
    ['<vitals.heap.live:sum>', 'vitals.heap.live is a observableGauge: a query names no part of it, got sum'],
  ];
  for (const [query, message] of WRONG) {
    it(`refuses ${query}`, () => {
      expect(() => expanded(query)).to.throw(RangeError, message);
    });
  }
});

describe('the check of a query', () => {
  const known = knownSeries('exporter');
  const problems = (query: string): string[] => problemsOf(query, known, new Set(['job:a:sum']));

  it('finds nothing wrong with what exists', () => {
    expect(
      problems(
        'histogram_quantile(0.95, sum by (job, le) (rate(v8js_gc_duration_bucket{v8js_gc_type="minor"}[$__rate_interval]))) > 0.1',
      ),
    ).to.deep.equal([]);
    expect(problems('sum by (anything) (job:a:sum) / up{job="$job"}')).to.deep.equal([]);
    expect(
      problems('container_memory_working_set_bytes{name!=""} / container_memory_working_set'),
    ).to.deep.equal([]);
  });

  const WRONG: readonly (readonly [query: string, problem: string])[] = [
    ['vitals_heap_life', 'unknown series "vitals_heap_life"; the nearest is "vitals_heap_live"'],
    ['job:b:sum', 'unknown series "job:b:sum"; the nearest is "job:a:sum"'],
    [
      'vitals_gc_utilization{vitals_windo="5m"}',
      'unknown label of vitals_gc_utilization "vitals_windo"; the nearest is "vitals_window"',
    ],
    [
      'vitals_gc_utilization{vitals_window="50m"}',
      'unknown value of vitals_window "50m"; the nearest is "5m"',
    ],
    [
      'vitals_memory_growth{vitals_memory_signal=~"heap_live|rsss"}',
      'unknown value of vitals_memory_signal "rsss"; the nearest is "rss"',
    ],
    ['sum by (instanse) (vitals_heap_live)', 'unknown label "instanse"; the nearest is "instance"'],
    [
      'v8js_gc_duration_sum{otel_scope_name="otel-gc-instrumentaion"}',
      'unknown value of otel_scope_name "otel-gc-instrumentaion"; the nearest is "otel-gc-instrumentation"',
    ],
  ];
  for (const [query, problem] of WRONG) {
    it(`finds what is wrong with ${query}`, () => {
      expect(problems(query)).to.deep.equal([problem]);
    });
  }

  it('says where a query is no PromQL', () => {
    const [problem, ...others] = problems('sum(rate(vitals_gc_forced_total[5m])');
    expect(problem).to.match(/^SyntaxError: not PromQL at "/);
    expect(others).to.deep.equal([]);
  });

  it('takes a query apart', () => {
    expect(parseQuery('sum by (job) (a{b="c",d!~"e|f"}) / on (instance) g')).to.deep.equal({
      series: [
        {
          name: 'a',
          matchers: [
            { label: 'b', operator: '=', value: 'c' },
            { label: 'd', operator: '!~', value: 'e|f' },
          ],
        },
        { name: 'g', matchers: [] },
      ],
      groupingLabels: ['job', 'instance'],
    });
  });

  it('finds the nearest name by changed letters', () => {
    expect(nearest('kitten', ['mitten', 'sitting', 'kit'])).to.equal('mitten');
    expect(nearest('a', [])).to.equal(undefined);
  });
});
