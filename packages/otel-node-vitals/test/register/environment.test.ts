import { expect } from 'chai';
import { flagOf, numberOf, wordOf } from '../../src/register/environment.js';
import { readSettings } from '../../src/register/settings.js';
import type { Environment } from '../../src/register/environment.js';
import type { RegisterSettings } from '../../src/register/settings.js';

function read(environment: Environment): { settings: RegisterSettings; problems: string[] } {
  const problems: string[] = [];
  return { settings: readSettings(environment, message => problems.push(message)), problems };
}

describe('the environment of register', () => {
  it('without any variable means Prometheus on the loopback interface', () => {
    expect(read({})).to.deep.equal({
      settings: {
        vitals: { promClientNames: false },
        promClientNames: false,
        exporters: ['prometheus'],
        host: '127.0.0.1',
        port: 9464,
        whenPortIsBusy: 'next',
        otlpProtocol: 'http/protobuf',
        otlpTimeoutMillis: 10_000,
        exportIntervalMillis: 60_000,
        exportTimeoutMillis: 30_000,
        flushGuard: true,
        flushGuardDir: undefined,
        serviceName: undefined,
      },
      problems: [],
    });
  });

  it('is read as OpenTelemetry has it', () => {
    const { settings, problems } = read({
      OTEL_METRICS_EXPORTER: ' otlp , Prometheus,otlp',
      OTEL_EXPORTER_PROMETHEUS_HOST: '0.0.0.0',
      OTEL_EXPORTER_PROMETHEUS_PORT: '0',
      OTEL_NODE_VITALS_PORT_BUSY: 'NONE',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '1000',
      OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.name=my%20service ,c=d',
      OTEL_NODE_VITALS_PROM_CLIENT_NAMES: 'True',
      OTEL_NODE_VITALS_FLUSH_GUARD: 'False',
      OTEL_FLUSH_GUARD_DIR: ' /var/lib/telemetry ',
    });
    expect(problems).to.deep.equal([]);
    expect(settings).to.deep.include({
      exporters: ['otlp', 'prometheus'],
      host: '0.0.0.0',
      port: 0,
      whenPortIsBusy: 'none',
      otlpProtocol: 'http/json',
      otlpTimeoutMillis: 500,
      exportIntervalMillis: 1_000,
      exportTimeoutMillis: 1_000,
      flushGuard: false,
      flushGuardDir: '/var/lib/telemetry',
      serviceName: 'my service',
      promClientNames: true,
    });
    expect(read({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }).settings.otlpProtocol).to.equal('grpc');
    for (const name of ['OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_EXPORTER_OTLP_METRICS_TIMEOUT']) {
      const given = { OTEL_EXPORTER_OTLP_TIMEOUT: '9000', [name]: '2000' };
      expect(read(given).settings.otlpTimeoutMillis).to.equal(2_000);
    }
    expect(
      read({ OTEL_SERVICE_NAME: 'one', OTEL_RESOURCE_ATTRIBUTES: 'service.name=two' }).settings.serviceName,
    ).to.equal('one');
    expect(read({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=%' }).settings.serviceName).to.equal(undefined);
    expect(read({ OTEL_METRICS_EXPORTER: 'none,otlp' }).settings.exporters).to.deep.equal([]);
  });

  it('LIGHTWEIGHT_MONITORING means a long interval, no profiler and no scan by kind', () => {
    expect(read({ LIGHTWEIGHT_MONITORING: 'true' }).settings.vitals).to.deep.equal({
      promClientNames: false,
      sampleIntervalMillis: 30_000,
      gc: { heapEffects: false },
      fd: { byKindIntervalMillis: 0 },
    });
  });

  const BAD: [name: string, value: string, problem: string][] = [
    [
      'LIGHTWEIGHT_MONITORING',
      'yes',
      'LIGHTWEIGHT_MONITORING must be true or false, got "yes"; taken as false',
    ],
    [
      'OTEL_EXPORTER_PROMETHEUS_PORT',
      '65536',
      'OTEL_EXPORTER_PROMETHEUS_PORT must be a whole number in [0, 65535], got "65536"; taken as 9464',
    ],
    [
      'OTEL_METRIC_EXPORT_INTERVAL',
      '1e3',
      'OTEL_METRIC_EXPORT_INTERVAL must be a whole number in [1, 86400000], got "1e3"; taken as 60000',
    ],
    [
      'OTEL_METRIC_EXPORT_TIMEOUT',
      '0',
      'OTEL_METRIC_EXPORT_TIMEOUT must be a whole number in [1, 86400000], got "0"; taken as 30000',
    ],
    [
      'OTEL_NODE_VITALS_FLUSH_GUARD',
      'off',
      'OTEL_NODE_VITALS_FLUSH_GUARD must be true or false, got "off"; taken as true',
    ],
    [
      'OTEL_NODE_VITALS_PORT_BUSY',
      'crash',
      'OTEL_NODE_VITALS_PORT_BUSY must be one of next, none, got "crash"; taken as next',
    ],
    [
      'OTEL_EXPORTER_OTLP_PROTOCOL',
      'smoke',
      'OTEL_EXPORTER_OTLP_PROTOCOL must be one of grpc, http/protobuf, http/json, got "smoke"; taken as http/protobuf',
    ],
  ];
  for (const [name, value, problem] of BAD) {
    it(`says once what is wrong with ${name}=${value}, and takes the default`, () => {
      const { settings, problems } = read({ [name]: value });
      expect(problems).to.deep.equal([problem]);
      expect(settings).to.deep.equal(read({}).settings);
    });
  }

  it('leaves out exporters that do not exist, by name', () => {
    const { settings, problems } = read({ OTEL_METRICS_EXPORTER: 'zipkin,console' });
    expect(settings.exporters).to.deep.equal(['console']);
    expect(problems).to.deep.equal([
      'OTEL_METRICS_EXPORTER must name prometheus, otlp, console or none, got "zipkin"; it is left out',
    ]);
  });

  it('takes an empty variable for an unset one', () => {
    const fail = (message: string): void => {
      throw new Error(message);
    };
    expect(flagOf({ A: ' ' }, 'A', true, fail)).to.equal(true);
    expect(numberOf({ A: '' }, 'A', { standard: 3, least: 1, most: 9 }, fail)).to.equal(3);
    expect(wordOf({ A: '' }, 'A', ['x', 'y'], 'y', fail)).to.equal('y');
  });
});
