import { leakTests } from './fd-leak-tests.js';
import { limitTests } from './fd-limit-tests.js';
import { gaugeTest } from './gauge-tests.js';
import type { TestGroup } from './test-group.js';

/** File descriptors. */
export function descriptorTests(): TestGroup[] {
  return [
    ...leakTests(),
    gaugeTest({
      alert: 'FDUtilizationHigh',
      metric: '<vitals.fd.utilization>',
      healthy: 0.3,
      threshold: 0.8,
      tooMuch: 0.9,
      forMinutes: 5,
      summary: ({ instance, job }) => `${instance} (${job}) has used most of its file descriptors`,
      description:
        '90% of those that it may have are open. With none left it can accept no connection, open no file and start no child (EMFILE).',
    }),
    ...limitTests(),
  ];
}
