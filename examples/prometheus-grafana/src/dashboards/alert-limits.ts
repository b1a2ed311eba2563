import { production } from '../rules/pace.js';
import { allAlerts } from '../rules/rule-files.js';

/**
 * The number that an alert compares with, so that a panel turns red where the alert fires.
 *
 * @param comparison which one, if the alert has several; from 0
 * @throws RangeError if there is no such alert, or it compares with no plain number
 */
export function alertLimit(alert: string, comparison = 0): number {
  const rule = allAlerts(production).find(rule => rule.alert === alert);
  if (rule === undefined) throw new RangeError(`no alert ${alert}`);
  const numbers = [...rule.query.matchAll(/ [<>] (\d[\d.]*)$/gm)].map(([, number]) => Number(number));
  const limit = numbers[comparison];
  if (limit === undefined) {
    throw new RangeError(`${alert} has no comparison ${comparison} with a number: ${rule.query}`);
  }
  return limit;
}
