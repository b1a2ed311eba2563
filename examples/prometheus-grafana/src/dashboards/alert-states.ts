import type { FieldDefaults } from './grafana/json.js';
import { CALM, thresholds } from './grafana/thresholds.js';

type Mappings = NonNullable<FieldDefaults<unknown>['mappings']>;

/** States of an alert as numbers, the worse the higher. */
const STATES = [
  { value: 1, text: 'pending', color: 'semi-dark-yellow' },
  { value: 2, text: 'info', color: 'blue' },
  { value: 3, text: 'warning', color: 'orange' },
  { value: 4, text: 'critical', color: 'red' },
] as const;

export const ALERT_STATE_MAPPINGS: Mappings = [
  {
    type: 'value',
    options: Object.fromEntries(
      STATES.map(({ value, text, color }, index) => [String(value), { text, color, index }]),
    ),
  },
];

export const ALERT_STATE_THRESHOLDS = thresholds(
  STATES.map(({ value, color }) => ({ from: value, color })),
  CALM,
);

/**
 * The state of each alert as a number: 1 while it is pending, then by its severity.
 *
 * @param matchers of whose alerts
 * @param labels that are kept
 */
export function alertStates(matchers: string, labels: readonly string[]): string {
  const firing = STATES.slice(1).map(
    ({ value, text }) => `${value} * ALERTS{${matchers},alertstate="firing",severity="${text}"}`,
  );
  return `max by (${labels.join(', ')}) (${[...firing, `ALERTS{${matchers},alertstate="pending"}`].join(' or ')})`;
}
