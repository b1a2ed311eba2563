import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readMetrics, receiveGrpc, receiveHttp } from './otlp-receiver.js';
import type { OtlpReceiver } from './otlp-receiver.js';
import { freePort, registeredProcesses } from './registered-process.js';
import { SpoolFolder } from './spool-folder.js';

const PROTOCOLS = {
  'http/protobuf': { receive: receiveHttp, path: '/v1/metrics', contentType: 'application/x-protobuf' },
  grpc: {
    receive: receiveGrpc,
    path: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
    contentType: 'application/grpc',
  },
} as const;

describe('register and OTLP', function () {
  this.timeout(60_000);
  const launch = registeredProcesses(afterEach);
  let receiver: OtlpReceiver | undefined;
  let spool: SpoolFolder;
  beforeEach(() => {
    // Of its own: what others could not push would come here.
    spool = new SpoolFolder();
  });
  afterEach(() => {
    spool.remove();
    receiver?.close();
    receiver = undefined;
  });
  const environmentOf = (protocol: string, endpoint: string): Record<string, string> => ({
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_METRIC_EXPORT_INTERVAL: '300',
    OTEL_SERVICE_NAME: 'shop',
    OTEL_FLUSH_GUARD_DIR: spool.dir,
  });

  it('pushes http/json to the endpoint of the environment, opens no port, and says which process it is', async () => {
    receiver = await receiveHttp();
    const started = launch('service.cjs', { env: environmentOf('http/json', receiver.endpoint) });
    const { path, body } = await receiver.first;
    expect(await started.end()).to.deep.include({ code: 0, stderr: '' });
    expect(path).to.equal('/v1/metrics');
    for (const part of ['"vitals.heap.used"', '"service.name"', '"shop"', '"service.instance.id"']) {
      expect(body.toString()).to.include(part);
    }
  });

  for (const [protocol, { receive, path, contentType }] of Object.entries(PROTOCOLS)) {
    it(`pushes ${protocol}, with values that are the kernel's`, async () => {
      receiver = await receive();
      const started = launch('service.cjs', { env: environmentOf(protocol, receiver.endpoint) });
      const push = await receiver.first;
      const status =
        process.platform === 'linux' ? readFileSync(`/proc/${started.pid}/status`, 'utf8') : undefined;
      expect(await started.end()).to.deep.include({ code: 0, stderr: '' });
      expect(push).to.include({ path, contentType });
      const { resource, values } = readMetrics(push.body);
      expect(resource).to.include({ 'service.name': 'shop' });
      expect(resource['service.instance.id']).to.match(/^[\da-f-]{36}$/);
      expect(values.get('vitals.heap.limit')).to.be.above(values.get('vitals.heap.used')!);
      if (status === undefined) return;
      const peakBytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
      expect(values.get('process.memory.usage')).to.be.within(peakBytes / 2, peakBytes);
    });

    it(`lets a script end although nobody answers to ${protocol}`, async () => {
      receiver = await receive('never');
      const started = launch('two-seconds.cjs', { env: environmentOf(protocol, receiver.endpoint) });
      await receiver.first;
      expect(await started.ended).to.deep.include({ code: 3, signal: null, stdout: 'done\n' });
    });

    it(`lets a script end although nobody listens to ${protocol}`, async () => {
      const endpoint = `http://127.0.0.1:${await freePort()}`;
      const started = launch('two-seconds.cjs', { env: environmentOf(protocol, endpoint) });
      expect(await started.ended).to.deep.include({ code: 3, signal: null, stdout: 'done\n' });
    });
  }
});
