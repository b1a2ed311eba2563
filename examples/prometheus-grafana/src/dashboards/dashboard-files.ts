import type { Spelling } from '../catalogue/spelling.js';
import { dashboardJson } from './dashboard.js';
import { fleet } from './fleet/fleet.js';
import { oneProcess } from './one-process/one-process.js';

export const dashboards = [oneProcess, fleet];

/** The text of each dashboard's file, by its kind. */
export function dashboardFiles(spelling: Spelling): Map<string, string> {
  return new Map(
    dashboards.map(dashboard => [
      dashboard.kind,
      `${JSON.stringify(dashboardJson(dashboard, spelling), null, 2)}\n`,
    ]),
  );
}
