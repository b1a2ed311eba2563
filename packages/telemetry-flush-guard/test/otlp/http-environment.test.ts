import { expect } from 'chai';
import { OtlpIngestServer } from 'test-helpers/otlp-ingest-server';
import { environmentOf } from '../../src/otlp/http-environment.js';
import { EXPORTERS } from './otlp-exporters.js';

const ALL = 'OTEL_EXPORTER_OTLP_';

describe('what the environment says of an endpoint of OTLP', () => {
  it('is nothing by default', () => {
    expect(environmentOf('span', {})).to.deep.equal({
      url: undefined,
      headers: {},
      compression: 'none',
      timeoutMillis: undefined,
      warnings: [],
    });
    expect(environmentOf('span', { [`${ALL}ENDPOINT`]: ' ', [`${ALL}TIMEOUT`]: '' })).to.deep.equal(
      environmentOf('span', {}),
    );
  });

  it('is an endpoint of all signals, to which each adds its path', () => {
    for (const [endpoint, base] of [
      ['http://host', 'http://host/'],
      ['http://host:4318/', 'http://host:4318/'],
      ['https://me:secret@host/some/path', 'https://me:secret@host/some/path/'],
      ['https://host/some/path//', 'https://host/some/path/'],
    ]) {
      const env = { [`${ALL}ENDPOINT`]: endpoint };
      expect(environmentOf('span', env).url).to.equal(`${base}v1/traces`);
      expect(environmentOf('log', env).url).to.equal(`${base}v1/logs`);
      expect(environmentOf('metric', env).url).to.equal(`${base}v1/metrics`);
    }
    const query = { [`${ALL}ENDPOINT`]: 'http://host/a?key=1' };
    expect(environmentOf('span', query).url).to.equal('http://host/a/v1/traces?key=1');
  });

  it('is one of the signal, as it is', () => {
    const env = {
      [`${ALL}ENDPOINT`]: 'http://all',
      [`${ALL}TRACES_ENDPOINT`]: 'http://traces/x',
      [`${ALL}LOGS_ENDPOINT`]: 'http://logs',
    };
    expect(environmentOf('span', env).url).to.equal('http://traces/x');
    expect(environmentOf('log', env).url).to.equal('http://logs/');
    expect(environmentOf('metric', env).url).to.equal('http://all/v1/metrics');
  });

  it('puts the headers of the signal over those of all', () => {
    const env = {
      [`${ALL}HEADERS`]: 'api-key=all, x-tenant = a%20b ,x-list=1;p=2',
      [`${ALL}LOGS_HEADERS`]: 'api-key=a=b%3D',
    };
    expect(environmentOf('span', env).headers).to.deep.equal({
      'api-key': 'all',
      'x-tenant': 'a b',
      'x-list': '1',
    });
    expect(environmentOf('log', env).headers).to.deep.equal({
      'api-key': 'a=b=',
      'x-tenant': 'a b',
      'x-list': '1',
    });
  });

  it('may ask for compression and another time', () => {
    const env = {
      [`${ALL}COMPRESSION`]: 'gzip',
      [`${ALL}TRACES_COMPRESSION`]: 'none',
      [`${ALL}TIMEOUT`]: '500',
      [`${ALL}LOGS_TIMEOUT`]: '700',
    };
    expect(environmentOf('span', env)).to.include({ compression: 'none', timeoutMillis: 500 });
    expect(environmentOf('log', env)).to.include({ compression: 'gzip', timeoutMillis: 700 });
  });

  it('is ignored where it is wrong, by name and without its value', () => {
    const env = {
      [`${ALL}ENDPOINT`]: 'http://all',
      [`${ALL}TRACES_ENDPOINT`]: 'grpc://me:secret@host',
      [`${ALL}HEADERS`]: 'good=1,secret,=secret,bad key=secret,c=%zz,d=se%0Acret,,e=',
      [`${ALL}TRACES_COMPRESSION`]: 'secret',
      [`${ALL}COMPRESSION`]: 'gzip',
      [`${ALL}TIMEOUT`]: '-1',
    };
    const { warnings, ...rest } = environmentOf('span', env);
    expect(rest).to.deep.equal({
      url: 'http://all/v1/traces',
      headers: { good: '1' },
      compression: 'gzip',
      timeoutMillis: undefined,
    });
    expect(warnings).to.have.members([
      `${ALL}TRACES_ENDPOINT is no URL of http or https, and is ignored`,
      ...[2, 3, 4, 5, 6, 8].map(
        pair => `${ALL}HEADERS: pair ${pair} is no key=value of a header, and is ignored`,
      ),
      `${ALL}TRACES_COMPRESSION is neither gzip nor none, and is ignored`,
      `${ALL}TIMEOUT is no number of milliseconds above 0, and is ignored`,
    ]);
  });

  it('is for the real exporters what it is here', async () => {
    const server = await OtlpIngestServer.start();
    const env = {
      [`${ALL}ENDPOINT`]: server.endpoint,
      [`${ALL}HEADERS`]: 'api-key=all,x-tenant=a%20b,x-list=1;p=2, bad ,Other=1',
      [`${ALL}LOGS_HEADERS`]: 'api-key=of the logs',
    };
    Object.assign(process.env, env);
    try {
      for (const { make, items, signal } of EXPORTERS) {
        server.log.length = 0;
        const exporter = make({} as never) as {
          export(items: unknown, callback: (result: { code: number }) => void): void;
        };
        const { code } = await new Promise<{ code: number }>(resolve => {
          exporter.export(items, resolve);
        });
        expect(code).to.equal(0);
        const { url, headers } = environmentOf(signal === 'traces' ? 'span' : 'log', env);
        const [request] = server.log;
        expect(url).to.equal(`${server.endpoint}${request!.path}`);
        const lowerCase = Object.entries(headers).map(
          ([name, value]) => [name.toLowerCase(), value] as const,
        );
        expect(lowerCase).to.have.length(4);
        expect(request!.headers).to.include(Object.fromEntries(lowerCase));
      }
    } finally {
      for (const name of Object.keys(env)) Reflect.deleteProperty(process.env, name);
      server.close();
    }
  });
});
