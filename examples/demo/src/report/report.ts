import { clockTime } from '../number-format.js';
import type { Fault } from '../faults/fault.js';
import type { RunRecord } from '../run/run-record.js';
import { PRESSURE_SUBJECT } from '../signals/pressure-warning.js';
import { isObservable } from '../signals/signal.js';
import type { Check } from '../signals/signal.js';
import { healthySentence } from './healthy-sentence.js';
import { secondSources } from './second-sources.js';

/** What the demo says in the end. */
export interface Report {
  /** The name of the fault. */
  readonly fault: string;
  /** What was seen of the fault. */
  readonly faultSentence: string;
  /** The metrics that the fault has moved, as a query names them. */
  readonly metrics: readonly string[];
  /** All that was seen: while healthy, of the fault, and each warning. */
  readonly sentences: readonly string[];
  readonly groups: readonly { readonly heading: string; readonly checks: readonly Check[] }[];
  /** What could not be looked at on this machine. */
  readonly absent: readonly string[];
  /** Which checks failed, each with its heading. */
  readonly failures: readonly string[];
}

/** Judges a run. */
export function makeReport(fault: Fault, run: RunRecord): Report {
  const signals = fault.signals.filter(isObservable);
  const moved = signals.map(({ moves }) => moves(run));
  const groups = [
    { heading: 'quiet while healthy', checks: signals.flatMap(({ staysQuiet }) => staysQuiet?.(run) ?? []) },
    { heading: `moved by ${fault.name}`, checks: moved },
    { heading: 'second sources', checks: secondSources(run, fault.aspects) },
  ];
  const faultSentence = `${fault.name}: ${fault.sentence(run)}`;
  return {
    fault: fault.name,
    faultSentence,
    metrics: moved.map(({ subject }) => subject).filter(subject => subject !== PRESSURE_SUBJECT),
    sentences: [
      `Healthy: ${healthySentence(run, fault.aspects)}`,
      faultSentence,
      ...run.warnings.map(({ atSeconds, message }) => `onPressure at ${clockTime(atSeconds)}: "${message}"`),
    ],
    groups,
    absent: [
      ...fault.signals.filter(signal => !isObservable(signal)).map(({ title }) => title),
      ...(run.fault.rest.outside === undefined ? ['a look at the process from outside'] : []),
    ],
    failures: groups.flatMap(({ heading, checks }) =>
      checks.filter(({ holds }) => !holds).map(({ subject }) => `${subject} (${heading})`),
    ),
  };
}
