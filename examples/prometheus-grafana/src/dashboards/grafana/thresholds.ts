import type { Thresholds } from './json.js';

/** From where on a value has a colour. */
export interface Step {
  readonly from: number;
  readonly color: string;
}

export const CALM = 'green';

/** Values have the colour of the last step that they reach. */
export function thresholds(steps: readonly Step[], base: string = CALM): Thresholds {
  return {
    mode: 'absolute',
    steps: [{ color: base, value: null }, ...steps.map(({ from, color }) => ({ color, value: from }))],
  };
}

/** Nothing that an alert is for: one colour. */
export const NO_THRESHOLDS = thresholds([]);
