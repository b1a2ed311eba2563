import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { expect } from 'chai';
import { parse } from 'yaml';
import { alertLimit } from '../src/dashboards/alert-limits.js';
import { dashboardJson } from '../src/dashboards/dashboard.js';
import { fleet } from '../src/dashboards/fleet/fleet.js';
import { oneProcess } from '../src/dashboards/one-process/one-process.js';
import { exampleFolder } from '../src/repository.js';
import { panelsOf } from './dashboard-checks.js';

/** Alerts, each with its number counted as the rule is read; that number in the unit of the panels; the panels. */
const AGREEMENTS: readonly (readonly [
  alerts: readonly (readonly [alert: string, limit: number, comparison?: number])[],
  panels: readonly string[],
])[] = [
  [
    [
      ['MemoryUsageHigh', 0.73],
      ['MemoryUsageVeryHigh', 0.88],
      ['MemoryUsageExtreme', 0.93],
    ],
    ['one-process/Of the container', 'one-process/Resident set, share of the limit'],
  ],
  [
    [['ContainerMemoryNearlyFull', 0.9]],
    [
      'one-process/Working set, share of the limit',
      'fleet/Container',
      'fleet/Fullest container',
      'fleet/Fullest containers',
    ],
  ],
  [
    [['HeapNearlyFull', 0.8]],
    ['one-process/Live heap', 'one-process/Heap, share of its limit', 'fleet/Fullest live heap'],
  ],
  [
    [
      ['MemoryGrowing', 0.1, 1],
      ['MemoryGrowingFast', 0.5, 1],
    ],
    ['one-process/Growth', 'fleet/Fastest growth, by signal', 'fleet/Fastest growing resident sets'],
  ],
  [
    [
      ['MemoryLimitWithinTenMinutes', 600],
      ['MemoryLimitWithinAnHour', 3600],
    ],
    ['one-process/Time to limit', 'fleet/Time to limit', 'fleet/Shortest time to limit, by limit'],
  ],
  [
    [['GCPauseTimeHigh', 0.1]],
    [
      'one-process/GC pause, P95',
      'one-process/Pauses: P95 and longest',
      'fleet/Longest GC pauses, P95 of the instance',
    ],
  ],
  [[['FleetGCPauseTimeHigh', 0.1]], ['fleet/GC pause, P95', 'fleet/Pauses, P95 and P99']],
  [
    [['GCOverheadHigh', 0.1]],
    [
      'one-process/GC overhead',
      'one-process/Overhead',
      'fleet/GC overhead',
      'fleet/Highest overhead',
      'fleet/Highest GC overhead',
    ],
  ],
  [[['MinorCollectionsFrequent', 10]], ['one-process/Minor collections']],
  [[['MajorCollectionsFrequent', 0.1]], ['one-process/Major collections']],
  [
    [['FDUtilizationHigh', 0.8]],
    [
      'one-process/Descriptors',
      'one-process/Share of the soft limit',
      'fleet/Descriptors',
      'fleet/Fullest descriptors',
    ],
  ],
  [[['FDLeakDetected', 10]], ['one-process/Growth of descriptors']],
  [
    [['FDLimitWithinAnHour', 3600]],
    ['one-process/Time to the descriptor limit', 'fleet/Shortest time to the descriptor limit'],
  ],
];

describe('the thresholds of the panels', () => {
  const numbers = numbersOfAlerts();
  const panels = [oneProcess, fleet].flatMap(dashboard =>
    panelsOf(dashboardJson(dashboard, 'exporter')).map(panel => ({ dashboard, panel })),
  );

  for (const [alerts, places] of AGREEMENTS) {
    it(`are those of ${alerts.map(([name]) => name).join(', ')}`, () => {
      const expected = alerts.map(([, limit]) => limit);
      expect(alerts.map(([name, , comparison = 0]) => numbers.get(name)?.[comparison])).to.deep.equal(
        expected,
      );
      for (const place of places) {
        const found = panels.filter(({ dashboard, panel }) => `${dashboard.kind}/${panel.title!}` === place);
        expect(found, place).not.to.deep.equal([]);
        for (const { panel } of found) {
          const steps = panel.fieldConfig!.defaults.thresholds!.steps.slice(1);
          expect(
            steps.map(({ value }) => value),
            place,
          ).to.deep.equal(expected);
        }
      }
    });
  }

  it('are there for no panel that is not compared here, but for restarts and alerts', () => {
    const compared = new Set(AGREEMENTS.flatMap(([, places]) => places));
    const others = panels
      .filter(({ panel }) => panel.fieldConfig!.defaults.thresholds!.steps.length > 1)
      .map(({ dashboard, panel }) => `${dashboard.kind}/${panel.title!}`)
      .filter(place => !compared.has(place));
    expect([...new Set(others)]).to.have.members([
      'one-process/Restarts',
      'one-process/Alerts',
      'fleet/Restarts',
      'fleet/Alerts now',
    ]);
  });

  it('come from the rules by the name of the alert, and from nothing else', () => {
    expect(alertLimit('MemoryLimitWithinAnHour')).to.equal(3600);
    expect([0, 1].map(comparison => alertLimit('MemoryGrowing', comparison))).to.deep.equal([0.05, 0.1]);
    expect(() => alertLimit('GCOverhead')).to.throw(RangeError, 'no alert GCOverhead');
    expect(() => alertLimit('GCOverheadHigh', 1)).to.throw(RangeError, 'GCOverheadHigh has no comparison 1');
  });
});

/** The numbers that alerts compare with, worked out from the rule files by the parser: alert → comparisons. */
function numbersOfAlerts(): Map<string, number[]> {
  const text = readFileSync(join(exampleFolder, 'rules', 'node-vitals.rules.yml'), 'utf8');
  const { groups } = parse(text) as { groups: { rules: { alert?: string; expr: string }[] }[] };
  const numbers = new Map<string, number[]>();
  for (const { alert, expr } of groups.flatMap(({ rules }) => rules)) {
    if (alert !== undefined) numbers.set(alert, comparedNumbers(expr));
  }
  return numbers;
}

function comparedNumbers(expr: string): number[] {
  const found: number[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, node }) => {
      if (type.name !== 'BinaryExpr') return;
      if (node.getChild('Gtr') === null && node.getChild('Lss') === null) return;
      const { type: right, from, to } = node.lastChild!;
      if (right.name.startsWith('Number')) found.push(Number(expr.slice(from, to)));
    },
  });
  return found;
}
