import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { expect } from 'chai';
import { guardCodecs } from 'test-helpers/guard-codecs';
import { whyNotHere } from 'test-helpers/sdk-line';
import { skipBecause } from 'test-helpers/skip-because';
import { SAMPLE_LOGS, SAMPLE_SPANS } from 'test-helpers/telemetry-samples';
import type * as RealTelemetry from './real-telemetry.js';

describe('what telemetry-flush-guard reads back from disk, on OpenTelemetry SDK 3.x', () => {
  let sdk: typeof RealTelemetry;
  let spans: ReadableSpan[] = [];
  let logs: ReadableLogRecord[] = [];
  const disk = guardCodecs();
  before(async function () {
    const reason = whyNotHere(3);
    if (reason !== undefined) skipBecause(this, reason);
    sdk = await import('./real-telemetry.js');
    spans = sdk.realSpans();
    logs = sdk.realLogs();
  });

  it('is, for spans, the same bytes of OTLP, as JSON and as protobuf', () => {
    expect(spans).to.have.length(SAMPLE_SPANS);
    expect(sdk.otlpOfSpans(disk.spans(spans))).to.deep.equal(sdk.otlpOfSpans(spans));
  });

  it('is, for log records, the same bytes of OTLP, as JSON and as protobuf', () => {
    expect(logs).to.have.length(SAMPLE_LOGS);
    expect(sdk.otlpOfLogs(disk.logs(logs))).to.deep.equal(sdk.otlpOfLogs(logs));
  });

  it('has every field of its first self, and the same in it', () => {
    const read = disk.spans(spans);
    for (const [index, span] of spans.entries()) {
      for (const name of FIELDS) expect(read[index]![name], `${span.name}.${name}`).to.deep.equal(span[name]);
    }
    for (const [index, log] of disk.logs(logs).entries()) {
      expect(log.attributes).to.deep.equal(logs[index]!.attributes);
      expect(log.spanContext).to.deep.equal(logs[index]!.spanContext);
      expect(log.eventName).to.equal(logs[index]!.eventName);
    }
  });

  it('was made of what SDK 3.x has and earlier ones have not, and of more than the limits allow', () => {
    expect(spans[0]!.attributes['map']).to.have.property('deep');
    expect(spans[0]!.attributes['bytes']).to.be.instanceOf(Uint8Array);
    const limited = spans[3]!;
    expect(limited.droppedAttributesCount).to.be.above(0);
    expect(limited.droppedEventsCount).to.be.above(0);
    expect(limited.droppedLinksCount).to.be.above(0);
    expect(limited.events[0]!.droppedAttributesCount).to.be.above(0);
    expect(limited.links[0]!.droppedAttributesCount).to.be.above(0);
    expect(logs[1]!.droppedAttributesCount).to.be.above(0);
  });
});

const FIELDS = [
  'name',
  'kind',
  'startTime',
  'endTime',
  'duration',
  'ended',
  'status',
  'attributes',
  'droppedAttributesCount',
  'droppedEventsCount',
  'droppedLinksCount',
] as const;
