import { promClientViews } from 'otel-node-vitals';

/** Names that older guides to memory and garbage collection use for what the catalogue has; most are of no known exporter. */
const GUIDES: readonly (readonly [ours: string, theirs: string])[] = [
  ['process.memory.usage', 'process_memory_rss_bytes'],
  ['vitals.memory.growth', 'memory_growth_rate_mb_per_minute'],
  ['vitals.memory.peak', 'memory_peak_rss_bytes'],
  ['v8js.gc.duration', 'gc_pause_duration_seconds'],
  ['v8js.gc.duration', 'gc_collections_by_generation_total'],
  ['vitals.fd.limit', 'process_max_fds'],
  ['vitals.connection.count', 'active_connections'],
];

/** By the catalogue's name: what prom-client and older guides call it. */
export const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = collect([
  ...promClientViews().flatMap(({ instrumentName, name }) =>
    name === undefined ? [] : [[instrumentName, name] as const],
  ),
  ...GUIDES,
]);

function collect(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const [ours, theirs] of pairs) (names[ours] ??= []).push(theirs);
  return names;
}
