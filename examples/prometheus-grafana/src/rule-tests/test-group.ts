/** The value of a series at a minute of a test; `undefined` where it is not scraped. */
export type Shape = (minute: number) => number | undefined;

export type Labels = Readonly<Record<string, string>>;

/** A series that a test feeds to the rules. */
export interface TestSeries {
  /** A metric of the catalogue in the notation of `expand`, `<v8js.gc.duration:sum{v8js.gc.type="major"}>`, or another name. */
  readonly metric: string;
  /** Those of the target, and any further ones. */
  readonly labels: Labels;
  readonly shape: Shape;
}

/** An alert that has to fire. */
export interface Firing {
  readonly alert: string;
  /** All of its labels but name and severity. */
  readonly labels: Labels;
  /** The minute of the first evaluation at which it fires. */
  readonly from: number;
  /** The minute of the first evaluation at which it does no more; it fires to the end if there is none. */
  readonly to?: number;
  /** Summary and description as they are at `from`. */
  readonly says?: readonly [summary: string, description: string];
}

/** A query, and what it gives. */
export interface QueryTest {
  readonly at: number;
  /** In the notation of `expand`. */
  readonly query: string;
  /** Labels without the name, which rounding takes away. */
  readonly samples: readonly (readonly [labels: Labels, value: number])[];
}

/** One history, of as many processes as it takes, and every alert that comes of it. */
export interface TestGroup {
  readonly name: string;
  /** The rules that it proves: alerts and recorded names. Those that must stay quiet count. */
  readonly rules: readonly string[];
  readonly minutes: number;
  /** Between two evaluations, and between two scrapes if nothing else is said. */
  readonly stepSeconds: number;
  readonly scrapeSeconds?: number;
  readonly series: readonly TestSeries[];
  /** Every alert of the rule file that fires at any time: any other one fails the test. */
  readonly firing: readonly Firing[];
  /** Alerts that fire as well, as they should, and that another test looks at. */
  readonly besides?: readonly string[];
  readonly queries?: readonly QueryTest[];
}

/** A target, by what happens to it. The labels of all its series. */
export function target(instance: string, job = 'shop'): Labels {
  return { job, instance };
}
