import { JsonTraceSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import { realSpans } from 'test-helpers/real-telemetry';
import type { ResourceLike, ScopeLike, SpanLike } from '../../src/items/otel-types.js';
import { otlpEncodings } from '../../src/otlp/otlp-encoding.js';

const SERIALIZERS = { json: JsonTraceSerializer, protobuf: ProtobufTraceSerializer } as const;

const [span] = realSpans() as unknown as [SpanLike];

for (const format of ['json', 'protobuf'] as const)
  describe(`resources and scopes of a request in OTLP as ${format}`, () => {
    const encoding = otlpEncodings[format].span;
    const textOf = (bytes: Uint8Array): string =>
      Buffer.from(bytes).toString(format === 'json' ? 'utf8' : 'hex');
    const request = (resource: ResourceLike, scope: ScopeLike): string => {
      const bytes = encoding.encodeItem(span);
      return textOf(encoding.encodeRequest([{ origin: { resource, scope }, bytes }]));
    };
    const real = (resource: object, instrumentationScope: object): string => {
      const item = Object.create(span, {
        resource: { value: resource },
        instrumentationScope: { value: instrumentationScope },
      }) as ReadableSpan;
      return textOf(SERIALIZERS[format].serializeRequest([item])!);
    };

    it('are as far as they are known, until they are known', async () => {
      let find: (host: string) => void = () => {};
      const host = new Promise<string>(resolve => {
        find = resolve;
      });
      const schemaUrl = 'https://example.com/schema';
      const attributes = { 'service.name': 'shop', 'host.name': host, late: 1 };
      const resource = resourceFromAttributes(attributes, { schemaUrl });
      const scope = { name: 'a scope' };
      const known = resourceFromAttributes({ 'service.name': 'shop', late: 1 }, { schemaUrl });
      expect(request(resource, scope)).to.equal(real(known, scope));
      find('host 1');
      await resource.waitForAsyncAttributes!();
      expect(request(resource, scope)).to.equal(real(resource, scope));
      expect(real(resource, scope)).to.not.equal(real(known, scope));
    });

    it('are written once', () => {
      let asked = 0;
      const resource = {
        get attributes() {
          asked += 1;
          return { 'service.name': 'shop' };
        },
      };
      const scope = { name: 'a scope', version: '1' };
      const expected = real({ attributes: resource.attributes }, scope);
      asked = 0;
      for (let time = 0; time < 3; time += 1) expect(request(resource, scope)).to.equal(expected);
      expect(asked).to.equal(1);
    });

    it('are none where there is no item', () => {
      expect(textOf(encoding.encodeRequest([]))).to.equal(textOf(SERIALIZERS[format].serializeRequest([])!));
    });
  });
