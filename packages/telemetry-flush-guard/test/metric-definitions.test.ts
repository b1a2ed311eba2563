import * as semconv from '@opentelemetry/semantic-conventions/incubating';
import { expect } from 'chai';
import {
  ATTR_COMPONENT_NAME,
  ATTR_COMPONENT_TYPE,
  ATTR_ERROR_TYPE,
  EXPORTER_REASONS,
  METRIC_REASONS,
  PROCESSOR_REASONS,
  metricDefinitions,
} from '../src/metric-definitions.js';
import { OUTCOMES } from '../src/spool/outcome.js';

describe('metric definitions', () => {
  it('have the names that the semantic conventions have', () => {
    const known = new Set<unknown>(Object.values(semconv));
    const names = Object.keys(metricDefinitions).filter(name => name.startsWith('otel.'));
    expect(names).to.have.length(12);
    for (const name of [...names, ATTR_COMPONENT_NAME, ATTR_COMPONENT_TYPE, ATTR_ERROR_TYPE]) {
      expect(known.has(name), name).to.equal(true);
    }
  });

  it('have a place for each way in which an item can be lost, and one only', () => {
    const reasons = Object.keys(OUTCOMES).filter(name => name !== 'delivered');
    expect([...PROCESSOR_REASONS, ...EXPORTER_REASONS, ...METRIC_REASONS]).to.have.members(reasons);
  });
});
