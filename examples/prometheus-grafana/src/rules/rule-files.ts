import { stringify } from 'yaml';
import type { Spelling } from '../catalogue/spelling.js';
import { expand } from '../query/expand.js';
import { descriptorAlerts } from './descriptor-alerts.js';
import { endingAlerts } from './ending-alerts.js';
import { gcAlerts } from './gc-alerts.js';
import { memoryAlerts } from './memory-alerts.js';
import type { Pace } from './pace.js';
import { recordingRules } from './recording-rules.js';
import { isAlert } from './rule.js';
import type { AlertRule, RuleGroup } from './rule.js';
import { surroundingsAlerts } from './surroundings-alerts.js';

/** Where the runbook of an alert is; a heading of that document. */
const RUNBOOKS = 'docs/runbooks.md';

/** The rules of our own metrics. */
export function vitalsRules(pace: Pace): RuleGroup[] {
  return [
    recordingRules(pace),
    memoryAlerts(pace),
    gcAlerts(pace),
    descriptorAlerts(pace),
    endingAlerts(pace),
  ];
}

/** The rules of other exporters' metrics. */
export function surroundingsRules(pace: Pace): RuleGroup[] {
  return [surroundingsAlerts(pace)];
}

/** Every alert, in the order of the files. */
export function allAlerts(pace: Pace): AlertRule[] {
  return [...vitalsRules(pace), ...surroundingsRules(pace)].flatMap(({ rules }) => rules.filter(isAlert));
}

/** Names of the series that recording rules make. */
export function recordedNames(pace: Pace): Set<string> {
  return new Set(
    vitalsRules(pace).flatMap(({ rules }) => rules.flatMap(rule => (isAlert(rule) ? [] : [rule.record]))),
  );
}

/** The text of a rule file, as Prometheus reads it. */
export function ruleFile(groups: readonly RuleGroup[], pace: Pace, spelling: Spelling): string {
  return stringify(
    {
      groups: groups.map(({ name, rules }) => ({
        name,
        interval: `${pace.evaluationSeconds}s`,
        rules: rules.map(rule => {
          const expr = expand(rule.query, { spelling });
          if (!isAlert(rule)) return { record: rule.record, expr };
          return {
            alert: rule.alert,
            expr,
            for: rule.for,
            labels: { severity: rule.severity },
            annotations: {
              summary: rule.summary,
              description: rule.description,
              runbook: `${RUNBOOKS}#${rule.alert.toLowerCase()}`,
            },
          };
        }),
      })),
    },
    { lineWidth: 0 },
  );
}
