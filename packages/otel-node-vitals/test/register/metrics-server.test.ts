import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../src/register/metrics-server.js';
import type { ListenSettings, MetricsServer, ServedContent } from '../../src/register/metrics-server.js';

const HOST = '127.0.0.1';

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

function ask(port: number, path: string, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ host: HOST, port, path, method, agent: false }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.once('end', () => {
        resolve({ status: response.statusCode, body });
      });
    })
      .once('error', reject)
      .end();
  });
}

const content: ServedContent = {
  metrics: (_request, response) => {
    response.end('a scrape');
  },
  page: ({ url }, response) => {
    if (url === '/boom') throw new Error('boom');
    if (url !== '/') return false;
    response.end('a page');
    return true;
  },
};

describe('the server of register', () => {
  const open: (MetricsServer | Server)[] = [];
  let said: string[] = [];
  const notices = {
    warn: (message: string): void => {
      said.push(message);
    },
    inform() {},
  };
  beforeEach(() => {
    said = [];
  });
  afterEach(() => {
    for (const server of open.splice(0)) server.close();
  });

  async function serve(settings: Partial<ListenSettings> = {}): Promise<MetricsServer | undefined> {
    const server = await listen(
      content,
      { host: HOST, port: 0, whenPortIsBusy: 'next', ...settings },
      notices,
    );
    if (server !== undefined) open.push(server);
    return server;
  }

  /** Takes neighbouring ports, as other processes would. The first of them. */
  async function occupy(count: number): Promise<number> {
    for (;;) {
      const taken: Server[] = [];
      let port = 0;
      for (let index = 0; index < count; index += 1) {
        const server = createServer();
        const listens = await new Promise<boolean>(resolve => {
          server.once('error', () => {
            resolve(false);
          });
          server.listen(port === 0 ? 0 : port + index, HOST, () => {
            resolve(true);
          });
        });
        if (!listens) break;
        taken.push(server);
        port ||= (server.address() as AddressInfo).port;
      }
      if (taken.length === count && port + count + 20 < 65_535) {
        open.push(...taken);
        return port;
      }
      for (const server of taken) server.close();
    }
  }

  it('serves the scrape at /metrics and the page elsewhere, and nothing else', async () => {
    const { port, url } = (await serve())!;
    expect(url).to.equal(`http://${HOST}:${port}`);
    expect(await ask(port, '/metrics')).to.deep.equal({ status: 200, body: 'a scrape' });
    expect(await ask(port, '/metrics?x=1')).to.deep.equal({ status: 200, body: 'a scrape' });
    expect(await ask(port, '/')).to.deep.equal({ status: 200, body: 'a page' });
    expect((await ask(port, '/other')).status).to.equal(404);
    expect((await ask(port, '/metrics', 'POST')).status).to.equal(405);
    expect((await ask(port, '/boom')).status).to.equal(500);
    expect(said).to.deep.equal([]);
  });

  it('takes the next free port after busy ones, and says so once', async () => {
    const busy = await occupy(3);
    const server = (await serve({ port: busy }))!;
    expect(server.port).to.be.within(busy + 3, busy + 20);
    expect(said).to.deep.equal([`port ${busy} is busy, ${server.port} is used instead`]);
    expect(await ask(server.port, '/')).to.deep.equal({ status: 200, body: 'a page' });
  });

  it('takes none where that is asked for, and says so', async () => {
    const busy = await occupy(1);
    expect(await serve({ port: busy, whenPortIsBusy: 'none' })).to.equal(undefined);
    expect(said).to.deep.equal([
      `port ${busy} is busy; there is no scrape and no page of this process (pid ${process.pid})`,
    ]);
  });

  it('gives up after 20 further ports', async () => {
    const busy = await occupy(21);
    expect(await serve({ port: busy })).to.equal(undefined);
    expect(said).to.deep.equal([
      `ports ${busy} to ${busy + 20} are busy; there is no scrape and no page of this process (pid ${process.pid})`,
    ]);
  });

  it('says why an address cannot be had, and does not try others', async () => {
    expect(await serve({ host: '192.0.2.1', port: 9464 })).to.equal(undefined);
    expect(said).to.have.lengthOf(1);
    expect(said[0]).to.match(/^cannot listen on 192\.0\.2\.1:9464: .*EADDRNOTAVAIL/);
  });

  it('ends with its connections', async () => {
    const server = (await serve())!;
    await ask(server.port, '/');
    server.close();
    const refused = await ask(server.port, '/').catch((thrown: unknown) => thrown);
    expect(refused).to.have.property('code', 'ECONNREFUSED');
  });
});
