import { parseArgs } from 'node:util';

/** What the command line asked for. */
export interface BenchArguments {
  readonly only: readonly string[];
  readonly quick: boolean;
  readonly long: boolean;
  readonly check: boolean;
  readonly help: boolean;
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

export const USAGE = `Usage: npm run bench -- [options]

  --only NAME      run only this benchmark (may be given several times)
  --quick          fewer rounds: shows that it works, in a few minutes; no numbers to judge by
  --long           also run what takes many minutes
  --json FILE      write everything that was measured
  --markdown FILE  write the tables
  --check          exit with 1 if a target is missed or an A/A control does not hold
  --help           print this
`;

/** @throws TypeError for an option that does not exist, RangeError for a benchmark that does not */
export function parseArguments(words: readonly string[], benchmarkNames: readonly string[]): BenchArguments {
  const { values } = parseArgs({
    args: [...words],
    strict: true,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const { only, quick, long, check, help, json, markdown } = values;
  for (const name of only) {
    if (!benchmarkNames.includes(name)) {
      throw new RangeError(`no benchmark "${name}"; there are ${benchmarkNames.join(', ')}`);
    }
  }
  return { only, quick, long, check, help, json, markdown };
}
