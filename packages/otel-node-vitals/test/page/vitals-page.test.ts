import { execFileSync } from 'node:child_process';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { diag } from '@opentelemetry/api';
import { expect } from 'chai';
import { createSamplingRuntime } from 'otel-runtime-kit/otel';
import { FakeClock } from 'test-helpers/fake-clock';
import { repositoryRoot } from 'test-helpers/repository';
import type { PageData, VitalsPage, VitalsPageOptions, VitalsReadings } from '../../src/page/index.js';
import { vitalsPage } from '../../src/page/index.js';
import { PAGE_ASSETS } from '../../src/page/page-assets.js';
import { PLOTTED } from '../../src/page/plotted-series.js';
import { fdSnapshot, gcSummary, memorySnapshot } from './sample-vitals.js';

const INTERVAL_MILLIS = 5_000;

interface Received {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The page in a real HTTP server whose own answer is 418. */
class PageRig {
  readonly clock = new FakeClock();
  readonly runtime = createSamplingRuntime(this.clock);
  readonly page: VitalsPage;
  readonly #server = createServer((request, response) => {
    // Node.js caches the date in a timer, which the check for leaks would take for the page's.
    response.sendDate = false;
    if (this.page(request, response)) return;
    response.writeHead(418).end('the host');
  });

  constructor(readings: Partial<VitalsReadings> = {}, options: VitalsPageOptions = {}) {
    this.page = vitalsPage(
      { memory: () => memorySnapshot(), gc: () => gcSummary(), fd: () => fdSnapshot(), ...readings },
      options,
      this.runtime,
    );
  }

  get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Received> {
    return new Promise((resolve, reject) => {
      const send = (): void => {
        const address = this.#server.address();
        const port = typeof address === 'object' ? address?.port : undefined;
        httpRequest({ host: '127.0.0.1', port, path, method, headers }, response => {
          const pieces: Buffer[] = [];
          response.on('data', (piece: Buffer) => pieces.push(piece));
          response.once('end', () => {
            const bytes = Buffer.concat(pieces);
            const isPacked = response.headers['content-encoding'] === 'gzip' && bytes.length > 0;
            const body = (isPacked ? gunzipSync(bytes) : bytes).toString();
            resolve({ status: response.statusCode, headers: response.headers, body });
          });
        })
          .once('error', reject)
          .end();
      };
      if (this.#server.listening) send();
      else this.#server.listen(0, '127.0.0.1', send);
    });
  }

  async data(query = ''): Promise<PageData> {
    return JSON.parse((await this.get(`/vitals.json${query}`)).body) as PageData;
  }

  errors(): Record<string, number> {
    return Object.fromEntries(
      [...this.runtime.readings.costs].flatMap(([name, { errors }]) =>
        [...errors].map(([type, count]) => [`${name}:${type}`, count] as const),
      ),
    );
  }

  close(): void {
    this.page.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

describe('the status page', () => {
  const rigs: PageRig[] = [];
  const rig = (...given: ConstructorParameters<typeof PageRig>): PageRig => {
    const made = new PageRig(...given);
    rigs.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of rigs.splice(0)) made.close();
    diag.disable();
  });

  describe('answers', () => {
    it('the page, its data and its files with their types, and leaves everything else to the host', async () => {
      const page = rig();
      for (const [path, type] of [
        ['/', 'text/html'],
        ['/?x=1', 'text/html'],
        ['/vitals.json', 'application/json'],
        ['/vitals/page.css', 'text/css'],
        ['/vitals/main.js', 'text/javascript'],
        ['/vitals/icon.svg', 'image/svg+xml'],
      ] as const) {
        const { status, headers } = await page.get(path);
        expect([path, status, headers['content-type']]).to.deep.equal([path, 200, `${type}; charset=utf-8`]);
      }
      for (const path of [
        '/metrics',
        '/vitals',
        '/vitals/',
        '/vitals/constructor',
        '/vitals/../',
        '/index.html',
        '//',
      ]) {
        const { status, body } = await page.get(path);
        expect([path, status, body]).to.deep.equal([path, 418, 'the host']);
      }
      expect(page.errors()).to.deep.equal({});
    });

    it('everything that the page and its modules name', async () => {
      const page = rig();
      const html = (await page.get('/')).body;
      const named = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map(match => match[1]!);
      expect(named).to.include.members([
        'vitals/uplot.js',
        'vitals/main.js',
        'vitals/page.css',
        'vitals.json',
      ]);
      const found = new Set(named.map(name => `/${name}`));
      for (const path of found) {
        const { status, body } = await page.get(path);
        expect([path, status]).to.deep.equal([path, 200]);
        if (!path.endsWith('.js') || path.endsWith('uplot.js')) continue;
        for (const [, name = ''] of body.matchAll(/ from ["']\.\/([^"']+)["']/g))
          found.add(`/vitals/${name}`);
      }
      expect([...found].filter(path => path.startsWith('/vitals/')).sort()).to.deep.equal(
        Object.keys(PAGE_ASSETS)
          .map(name => `/${name}`)
          .sort(),
      );
    });

    it('with a policy that lets nothing in but its own files, and with nothing inline that would need more', async () => {
      const page = rig();
      for (const path of ['/', '/vitals.json', '/vitals/main.js']) {
        const { headers } = await page.get(path);
        expect(headers['content-security-policy']).to.equal(
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        );
        expect(headers['x-content-type-options']).to.equal('nosniff');
        expect(headers['referrer-policy']).to.equal('no-referrer');
        expect(headers['cross-origin-resource-policy']).to.equal('same-origin');
        expect(headers['access-control-allow-origin']).to.equal(undefined);
      }
      const html = (await page.get('/')).body;
      expect(html).to.not.match(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:|javascript:/i);
    });

    it('HEAD with the headers alone, other methods with 405', async () => {
      const page = rig();
      for (const path of ['/', '/vitals.json', '/vitals/main.js']) {
        const [get, head] = [await page.get(path), await page.get(path, {}, 'HEAD')];
        expect(head.status).to.equal(200);
        expect(head.body).to.equal('');
        expect(head.headers['content-length']).to.equal(get.headers['content-length']);
        const post = await page.get(path, {}, 'POST');
        expect([post.status, post.headers.allow]).to.deep.equal([405, 'GET, HEAD']);
      }
      expect((await page.get('/orders', {}, 'POST')).status).to.equal(418);
    });

    it('files compressed to who takes that, plain to others, and once while they are the same; data never from a store', async () => {
      const page = rig();
      const packed = await page.get('/vitals/uplot.js', { 'accept-encoding': 'gzip, deflate, br' });
      const plain = await page.get('/vitals/uplot.js');
      expect(packed.headers['content-encoding']).to.equal('gzip');
      expect(plain.headers['content-encoding']).to.equal(undefined);
      expect(packed.body).to.equal(plain.body);
      expect(plain.body).to.contain('Permission is hereby granted, free of charge');
      expect(Number(packed.headers['content-length'])).to.be.below(plain.body.length / 2);
      const again = await page.get('/vitals/uplot.js', { 'if-none-match': packed.headers.etag! });
      expect([again.status, again.body]).to.deep.equal([304, '']);
      expect((await page.get('/')).headers['cache-control']).to.equal('no-store');
      expect((await page.get('/vitals.json')).headers['cache-control']).to.equal('no-store');
    });

    it('below another path, to which it leads from without the slash', async () => {
      const page = rig({}, { path: '/internal/vitals/' });
      expect((await page.get('/internal/vitals/')).status).to.equal(200);
      expect((await page.get('/internal/vitals/vitals/main.js')).status).to.equal(200);
      const short = await page.get('/internal/vitals');
      expect([short.status, short.headers.location]).to.deep.equal([308, '/internal/vitals/']);
      for (const path of ['/', '/vitals.json', '/internal', '/internal/vitalsx', '/internal/vitals/x']) {
        expect((await page.get(path)).status, path).to.equal(418);
      }
    });
  });

  describe('is for whoever asks for this machine', () => {
    it('by localhost, an address, or a name that was given, and tells others why not', async () => {
      const page = rig({}, { hosts: ['Vitals.example.com'] });
      for (const host of [
        'localhost:9464',
        'LOCALHOST',
        'app.localhost:1',
        '127.0.0.1:9464',
        '10.1.2.3',
        '[::1]:9464',
        'vitals.example.com',
        'vitals.EXAMPLE.com.:80',
      ]) {
        expect((await page.get('/vitals.json', { host })).status, host).to.equal(200);
      }
      for (const host of [
        'evil.example',
        'localhost.evil.example',
        '127.0.0.1.evil.example',
        'evil.example:9464',
        'xlocalhost',
        '1e100.net',
        'vitals.example.com.evil',
      ]) {
        for (const path of ['/', '/vitals.json', '/vitals/main.js']) {
          const { status, body } = await page.get(path, { host });
          expect([host, status], path).to.deep.equal([host, 403]);
          expect(body).to.match(/option hosts/);
        }
        expect((await page.get('/metrics', { host })).status).to.equal(418);
      }
    });
  });

  describe('tells', () => {
    it('what the instrumentations know, as they know it', async () => {
      const [memory, gc, fd] = [memorySnapshot(), gcSummary(), fdSnapshot()];
      const page = rig({ memory: () => memory, gc: () => gc, fd: () => fd, service: 'checkout' });
      const data = await page.data();
      expect(data.memory).to.deep.equal(memory);
      expect(data.gc).to.deep.equal(gc);
      expect(data.fd).to.deep.equal(fd);
      expect(data.service).to.equal('checkout');
      expect(data.pid).to.equal(process.pid);
      expect(data.nodeVersion).to.equal(process.version);
      const none = await rig({ memory: () => null, gc: () => null, fd: () => null }).data();
      expect([none.memory, none.gc, none.fd, none.service]).to.deep.equal([null, null, null, null]);
      expect(none.history.recent.columns.flat()).to.deep.equal(PLOTTED.map(() => null));
    });

    it('the name of the service and the state in the page itself, escaped', async () => {
      const page = rig({ service: `<script>alert("x")</script>&'{{sentence}}` });
      const html = (await page.get('/')).body;
      expect(html).to.contain(
        '<h1 id="service">&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;{{sentence}}</h1>',
      );
      expect(html).to.contain('data-level="quiet"');
      expect(html).to.contain('RSS 182 MiB of 512 MiB container limit, not growing: no limit in sight.');
      expect((await rig().get('/')).body).to.contain(`<h1 id="service">process ${process.pid}</h1>`);
    });

    it('its past: a point at the start, and one per interval', async () => {
      let rss = 100;
      let allocated = 1_000;
      let samples = 0;
      const page = rig({
        memory: () => memorySnapshot({ process: { residentBytes: ++rss } }),
        gc: () =>
          gcSummary({
            takenAtMillis: INTERVAL_MILLIS * ++samples,
            heapEffects: { allocatedBytes: (allocated += 10_000) },
          }),
      });
      page.clock.advance(3 * INTERVAL_MILLIS);
      const { sequence, history, startedAtMillis, nextSampleMillis } = await page.data();
      expect(sequence).to.equal(4);
      expect(nextSampleMillis).to.equal(INTERVAL_MILLIS);
      expect(history.recent.times).to.deep.equal(
        [0, 1, 2, 3].map(tick => startedAtMillis + tick * INTERVAL_MILLIS),
      );
      const column = (name: (typeof PLOTTED)[number]): unknown =>
        history.recent.columns[PLOTTED.indexOf(name)];
      expect(column('rss')).to.deep.equal([101, 102, 103, 104]);
      expect(column('allocationRate')).to.deep.equal([null, 2_000, 2_000, 2_000]);
      expect(column('descriptors')).to.deep.equal([58, 58, 58, 58]);
      expect(history.whole).to.deep.equal(history.recent);
    });

    it('only what is new to who has the rest, and everything to who missed too much', async () => {
      const page = rig();
      page.clock.advance(9 * INTERVAL_MILLIS);
      const recentCount = async (after: string): Promise<[number, boolean]> => {
        const { history } = await page.data(`?after=${after}`);
        return [history.recent.times.length, history.whole !== null];
      };
      expect(await recentCount('7')).to.deep.equal([3, false]);
      expect(await recentCount('10')).to.deep.equal([0, false]);
      for (const after of ['0', '11', '-1', 'x', '', 'Infinity']) {
        expect(await recentCount(after), after).to.deep.equal([10, true]);
      }
      page.clock.advance(400 * INTERVAL_MILLIS);
      expect(await recentCount('51')).to.deep.equal([359, false]);
      expect(await recentCount('49')).to.deep.equal([360, true]);
    });
  });

  describe('never hurts the host', () => {
    const failing = (): never => {
      throw new RangeError('broken');
    };

    it('when a reading throws: 500, counted, said once, and the rest goes on', async () => {
      const warnings: unknown[] = [];
      const silent = (): void => {};
      diag.setLogger({
        verbose: silent,
        debug: silent,
        info: silent,
        error: silent,
        warn: message => warnings.push(message),
      });
      const page = rig({ gc: failing });
      page.clock.advance(2 * INTERVAL_MILLIS);
      for (let turn = 0; turn < 2; turn++) {
        const { status, headers, body } = await page.get('/vitals.json');
        expect([status, headers['content-type']]).to.deep.equal([500, 'application/json; charset=utf-8']);
        expect(JSON.parse(body)).to.have.property('error');
        expect(body).to.not.contain('broken');
      }
      expect((await page.get('/vitals/main.js')).status).to.equal(200);
      expect(page.errors()).to.deep.equal({ 'page.history:RangeError': 3, 'page.answer:RangeError': 2 });
      expect(warnings).to.have.length(2);
    });

    it('when the response cannot be written, or the request is odd', () => {
      const page = rig();
      const headers = { host: 'localhost' };
      expect(page.page({ url: '/', method: 'GET', headers }, { writeHead: failing, end: failing })).to.equal(
        true,
      );
      expect(page.errors()).to.deep.equal({ 'page.answer:RangeError': 1 });
      expect(page.page({ headers }, { writeHead: failing, end: failing })).to.equal(true);
      expect(page.page({ url: 'http://[', headers }, { writeHead: failing, end: failing })).to.equal(false);
    });

    it('with options that cannot be: it says so at once', () => {
      const make = (options: object) => (): unknown => rig({}, options);
      expect(make({ path: 'vitals' })).to.throw(
        RangeError,
        'otel-node-vitals: path must be a path with a slash at both ends',
      );
      expect(make({ hosts: ['a:80'] })).to.throw(
        RangeError,
        'otel-node-vitals: hosts must be an array of host names without a port',
      );
      expect(make({ hosts: 'localhost' })).to.throw(TypeError, 'otel-node-vitals: hosts');
      expect(make({ sampleIntervalMillis: 0 })).to.throw(RangeError, 'sampleIntervalMillis');
      expect(make({ host: [] })).to.throw(TypeError, 'did you mean "hosts"?');
    });

    it('after close: no timer is left, and nothing is answered', async () => {
      const page = rig();
      expect(page.clock.timerCount).to.equal(1);
      page.page.close();
      expect(page.clock.timerCount).to.equal(0);
      expect(page.runtime.sampler.taskCount).to.equal(0);
      expect((await page.get('/')).status).to.equal(418);
    });
  });

  it('sends to the browser what page-assets/ and the chart library hold today', () => {
    // Exits with 1 if the generated file is stale.
    execFileSync(process.execPath, [join(repositoryRoot, 'scripts', 'build-page.mjs'), '--check']);
  });
});
