import type { FleetCost, RuleCost } from './fleet-run.js';

/** What each recording rule may take. */
export const RULE_SECONDS = 1;

/** The page about it, in Markdown. */
export function fleetDocument(cost: FleetCost): string {
  const { options, machine, version, evaluations, rules } = cost;
  const recording = rules.filter(({ type }) => type === 'recording');
  const alerting = rules.filter(({ type }) => type === 'alerting');
  const dearest = recording.reduce((most, rule) => (rule.cpuSeconds > most.cpuSeconds ? rule : most));
  const { instances, jobs, scrapeSeconds } = options;
  const whole = (count: number): string => Math.round(count).toLocaleString('en-GB');
  return [
    '# What a fleet costs Prometheus',
    '',
    `From a run of \`npm run bench:fleet\`, which writes this page: Prometheus ${version} on a machine with ${machine}, which ran the generated fleet too.`,
    `${whole(instances)} instances in ${whole(jobs)} jobs, each exposing the ${whole(cost.seriesPerInstance)} series of a real scrape (every type of collection, every bucket, in a container) with values that move, scraped every ${whole(scrapeSeconds)} s; one instance of a hundred restarts every 20 minutes. Rules as in [examples/prometheus-grafana](../examples/prometheus-grafana/README.md), evaluated every 30 s, after an hour of history, so that every window is full.`,
    '',
    '## In words',
    '',
    `- ${verdict(recording)}: the dearest, \`${dearest.name}\`, takes ${seconds(dearest.cpuSeconds)} s of a core, all recording rules together ${seconds(sumOf(recording))} s, all alert rules ${seconds(sumOf(alerting))} s, once in 30 s. That is the processor time of the query alone. The times of the tables are from clock to clock, and longer the more others want the cores: on average ${cost.load.toFixed(1)} did on this machine while they were taken, over ${whole(evaluations)} evaluations.`,
    `- **Cost grows with the instances of all jobs together**: a rule reads the same series of each, however they are divided into jobs. Dear are the rules that read a histogram of each instance, or look far back.`,
    `- **Cardinality**: an instance has ${whole(cost.seriesPerInstance)} series, all with attributes from fixed lists, so that neither load nor time adds any; a restart adds none unless the instance gets a new name. The recording rules add ${whole(cost.recordedSeries)} series to ${whole(instances * cost.seriesPerInstance)}: ${ofInstances(recording, instances)} of each instance, all others of each job (and bucket, signal or limit).`,
    `- **Prometheus** held ${whole(cost.headSeries)} series in its head, took ${whole(cost.residentBytes / 1_048_576)} MiB of memory and ${whole(100 * cost.cpuShare)} % of one core, scrapes and rules together.`,
    `- A panel of the fleet reads recorded series: ${whole(jobs)} to ${whole(maximumJobSeries(recording, instances))} instead of the tens of thousands that these were made from.`,
    '',
    '## Recording rules',
    '',
    ...table(recording),
    '',
    '## Alert rules',
    '',
    'Series out are alerts that are waiting or firing: one instance of a hundred restarts, and generated values swing.',
    '',
    ...table(alerting),
    '',
  ].join('\n');
}

function verdict(recording: readonly RuleCost[]): string {
  const tooDear = recording.filter(({ cpuSeconds }) => cpuSeconds > RULE_SECONDS);
  return tooDear.length === 0
    ? `**Each recording rule takes less than ${RULE_SECONDS} s**`
    : `**${tooDear.length} of ${recording.length} recording rules take longer than ${RULE_SECONDS} s**`;
}

function table(rules: readonly RuleCost[]): string[] {
  return [
    '| rule | series in | series out | processor, s | median, s | maximum, s |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rules.map(
      ({ name, seriesIn, seriesOut, cpuSeconds, medianSeconds, maximumSeconds }) =>
        `| \`${name}\` | ${seriesIn.toLocaleString('en-GB')} | ${seriesOut.toLocaleString('en-GB')} | ${seconds(cpuSeconds)} | ${seconds(medianSeconds)} | ${seconds(maximumSeconds)} |`,
    ),
  ];
}

/** The rules that make series of each instance, in words. */
function ofInstances(rules: readonly RuleCost[], instances: number): string {
  const each = rules.filter(({ seriesOut }) => seriesOut >= instances);
  return each.map(({ name, seriesOut }) => `${Math.round(seriesOut / instances)} (\`${name}\`)`).join(', ');
}

function maximumJobSeries(rules: readonly RuleCost[], instances: number): number {
  return Math.max(...rules.map(({ seriesOut }) => seriesOut).filter(count => count < instances));
}

function sumOf(rules: readonly RuleCost[]): number {
  return rules.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
}

function seconds(value: number): string {
  return value.toFixed(3);
}
