/** Changes to rules that change nothing, so that no test can notice them. */
export interface Equivalent {
  /** Names of alerts and of what is recorded. */
  readonly rules: RegExp;
  readonly change: RegExp;
  readonly because: string;
}

const OF_SETTLED = /^(?:MemoryGrowing|MemoryLimit|FDLeak|FDLimit)/;

export const equivalents: readonly Equivalent[] = [
  {
    rules: OF_SETTLED,
    change: /^max → (?:sum|avg) after ".*and on \(job, instance\) \("$/,
    because: 'nothing resets less than 0 times: sum and mean are 0 where the maximum is',
  },
  {
    rules: OF_SETTLED,
    change: /^max → (?:min|sum|avg) after ".*== 0\) and on \(job, instance\) "$/,
    because: 'only whether there is such a count matters, not how high it is',
  },
  {
    rules: OF_SETTLED,
    change:
      /^last_over_time → (?:max|min)_over_time after ".*(?:== 0\) and on \(job, instance\) max by \(job, instance\) \(|gc\.summary"\}\[3m\]\) and )"$/,
    because: 'only whether there is such a count matters, not how high it is',
  },
  {
    rules: OF_SETTLED,
    change: /^vitals_reading=~"memory\.process\|fd\.count\|gc\.summary" → vitals_reading=~"\.\*" /,
    because:
      'the other conditions ask for these readings too, and a process begins anew with all of its counts',
  },
  {
    rules: /^(?:MemoryGrowing|FDLeakDetected|FleetGCPauseTimeHigh)/,
    change: /^> → >= after ".*(?:\* 60 |\/ 1048576 |:p95_5m )"$/,
    because: 'a slope, and a percentile within a bucket, is never exactly a threshold',
  },
  {
    rules: /GCPauseTimeHigh$/,
    change: /^(?:1\.5 → (?:1\.8|1\.2)|< → <=|300 → (?:360|240)) after /,
    because: 'pauses are whole: from one to two there is nothing between',
  },
  {
    rules: /^(?:Process|Container)Restarting$/,
    change: /^(?:2 → 2\.4 after |the value as it is$)/,
    because: 'the number is whole',
  },
  {
    rules: /^job:vitals_instances:count$/,
    change: /^max → (?:min|sum|avg) after /,
    because: 'they are counted, whatever they use',
  },
  {
    rules: /^ContainerHighMemory$/,
    change: /^name!="" → name=~"\.\*" after /,
    because: 'the other side of the division asks for a name too',
  },
  {
    rules: /^(?:ContainerHighMemory|RedisHighMemory)$/,
    change: /^0 → 1 after /,
    because: 'nothing has a limit of one byte',
  },
  {
    rules: /^FDLeakDetected$/,
    change: /^otel_scope_name=~"\(otel-fd-watch\)\?" → otel_scope_name=~"\.\*" after /,
    because: 'the other side of the subtraction asks for the scope too',
  },
];
