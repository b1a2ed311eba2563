/** How urgent an alert is: to be known, to be looked at today, to be looked at now. */
export type Severity = 'info' | 'warning' | 'critical';

/** A series that Prometheus computes at each evaluation, for panels and rules that would compute it again and again. */
export interface RecordingRule {
  /** `level:metric:operations`, as Prometheus advises. The same in both spellings. */
  readonly record: string;
  /** In the notation of `expand`. */
  readonly query: string;
}

/** A condition that somebody is told of. */
export interface AlertRule {
  readonly alert: string;
  /** In the notation of `expand`. */
  readonly query: string;
  /** How long the condition must hold; a duration of Prometheus. */
  readonly for: string;
  readonly severity: Severity;
  /** A line that says what it is, and of what. A template of Prometheus. */
  readonly summary: string;
  /** What the numbers are, and what they should be. A template of Prometheus. */
  readonly description: string;
}

/** Rules that are evaluated together, in their order. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (RecordingRule | AlertRule)[];
}

export function isAlert(rule: RecordingRule | AlertRule): rule is AlertRule {
  return 'alert' in rule;
}
