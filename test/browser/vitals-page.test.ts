import { mkdtempSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { skipBecause } from 'test-helpers/skip-because';
import type { BrowserPage, PageSettings } from './browser-page.js';
import { Chromium, findChromium, installChromium } from './chromium.js';
import { focused, lowContrast, numbersByMetric, stickingOut } from './page-probes.js';
import { PageServer } from './page-server.js';
import { healthy, leaking, nothingKnown } from './scenarios.js';

const PHONE = { phone: true, width: 360, height: 740 } as const;
const LOADED = `document.getElementById('connection').dataset.state === 'live' && document.querySelector('#limits .big').textContent !== ''`;
const MOST_BYTES = 200_000;
/** A day of samples, 5 s apart. */
const DAY_SAMPLES = 17_280;
const SAMPLES_PER_REQUEST = 4;

/** Has the page's own waits take no longer than this: the server's clock is a fake one, and the sample is there. */
const shortWaits = (longestMillis: number): string =>
  `const wait = setTimeout; window.setTimeout = (run, millis, ...rest) => wait(run, Math.min(millis, ${longestMillis}), ...rest);`;
const pass = (millis: number): Promise<void> => new Promise(resolve => setTimeout(resolve, millis));

interface AccessibleNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

describe('the status page in a real Chromium', function () {
  this.timeout(120_000);
  let browser: Chromium;
  const servers: PageServer[] = [];
  const figures: string[] = [];
  /** Pictures for people to look at; nothing compares them. */
  const pictures = process.env['SCREENSHOTS'] ?? mkdtempSync(join(tmpdir(), 'vitals-page-'));

  before(async function () {
    this.timeout(600_000);
    if (process.platform !== 'linux') skipBecause(this, 'it is tried with the Chromium of Debian');
    const problem = findChromium() === undefined ? installChromium() : undefined;
    const program = findChromium();
    if (program === undefined) skipBecause(this, problem ?? 'there is no Chromium');
    mkdirSync(pictures, { recursive: true });
    browser = new Chromium(program);
    figures.push(await browser.version());
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  after(async () => {
    for (const line of figures) console.log(`    ${line}`);
    console.log(`    pictures: ${pictures}`);
    // Undefined if there was none to launch.
    await (browser as Chromium | undefined)?.close();
  });

  const serve = async (server: PageServer): Promise<PageServer> => {
    servers.push(server);
    return server.listen();
  };
  const show = async (server: PageServer, settings: PageSettings = {}): Promise<BrowserPage> => {
    const page = await browser.open({ before: shortWaits(100), ...settings });
    await page.goTo(server.url);
    await page.until(LOADED);
    return page;
  };
  /** The page is as good at its end as at its start. */
  const leave = async (page: BrowserPage, server: PageServer): Promise<void> => {
    expect(page.complaints).to.deep.equal([]);
    expect(page.requests.filter(url => !url.startsWith(server.url))).to.deep.equal([]);
    await page.close();
  };

  const scenarios = {
    healthy: () => new PageServer(healthy(0)).fill(360, healthy),
    leaking: () => new PageServer(leaking(0)).fill(360, leaking),
    'nothing known': () => new PageServer(nothingKnown),
  };
  const looks: Record<string, PageSettings> = { light: {}, dark: { dark: true }, phone: PHONE };
  for (const [scenario, make] of Object.entries(scenarios)) {
    for (const [look, settings] of Object.entries(looks)) {
      it(`${scenario}, ${look}: complains of nothing, asks nobody else, is readable, and nothing sticks out`, async () => {
        const server = await serve(make());
        const page = await show(server, settings);
        const bytes = page.receivedBytes;
        expect(bytes).to.be.below(MOST_BYTES);
        const contrast = await page.evaluate<{ checked: number; found: string[] }>(lowContrast);
        expect(contrast.checked).to.be.greaterThan(150);
        expect(contrast.found).to.deep.equal([]);
        expect(await page.evaluate(stickingOut)).to.deep.equal([]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).to.be.at.most(0);
        await page.screenshot(join(pictures, `${scenario.replace(' ', '-')}-${look}.png`), true);
        const paint = await page.evaluate<number>(`performance.getEntriesByType('paint')[0].startTime`);
        figures.push(`${scenario}, ${look}: ${bytes} bytes, first paint after ${Math.round(paint)} ms`);
        await leave(page, server);
      });
    }
  }

  it('shows the numbers of the JSON, words for each, and a reason where there is none', async () => {
    const server = await serve(new PageServer(leaking(1)));
    const page = await show(server);
    const numbers = await page.evaluate<Record<string, string>>(numbersByMetric);
    // Written out by hand from the sample: 380 MiB, 58 + 230 MiB, 0.128 MiB/s · 60, …
    expect(numbers).to.include({
      'process.memory.usage': '380 MiB',
      'vitals.memory.peak': '190 MiB',
      'vitals.heap.live': '288 MiB',
      'vitals.memory.growth{vitals.memory.signal="rss"}': '+7.68 MiB/min',
      'vitals.memory.growth{vitals.memory.signal="native"}': '\u22122.34 KiB/min',
      'vitals.memory.time_to_limit{vitals.memory.limit="container"}': 'in 16 min',
      'vitals.memory.time_to_limit{vitals.memory.limit="host"}': 'not in sight',
      'vitals.container.memory.limit': '512 MiB',
      'vitals.container.memory.events{vitals.event="max"}': '3',
      'v8js.gc.duration (count)': '1,234',
      'vitals.gc.pause.p95': '23 ms',
      'vitals.gc.utilization{vitals.window="1m"}': '7.2 %',
      'vitals.gc.major.age': '12 s ago',
      'process.unix.file_descriptor.count': '480',
      'vitals.fd.limit{vitals.fd.limit.type="hard"}': '524,288',
      'vitals.fd.time_to_limit': 'in 39 min',
    });
    expect(await page.evaluate(`document.title`)).to.equal('checkout <b>&: vitals');
    expect(await page.evaluate(`document.getElementById('service').textContent`)).to.equal('checkout <b>&');
    expect(await page.evaluate(`document.getElementById('state').innerText`)).to.match(
      /^Act soon +RSS 380 MiB of 512 MiB container limit, growing 7\.68 MiB\/min: container memory limit in 16 min\.$/,
    );
    const tiles = await page.evaluate<string[]>(
      `[...document.querySelectorAll('#limits li')].map(tile => tile.innerText.replace(/\\s+/g, ' '))`,
    );
    expect(tiles[0]).to.equal('Container memory 76 % 388 MiB of 512 MiB Limit in 16 min');
    expect(tiles[3]).to.equal('Descriptors 47 % 480 of 1,024 Limit in 39 min');
    const kinds = await page.evaluate(
      `[...document.querySelectorAll('.rows dd b')].map(value => value.textContent)`,
    );
    expect(kinds).to.deep.equal(['12', '440', '9', '1', '3', '3', '0', '0', '0']);
    await leave(page, server);

    const knowsNothing = await serve(new PageServer(nothingKnown));
    const empty = await show(knowsNothing);
    const reasons = Object.values(await empty.evaluate<Record<string, string>>(numbersByMetric));
    expect(
      reasons.filter(text => !/^not known|^no limit is set|^unknown or unlimited/.test(text)),
    ).to.deep.equal([]);
    expect(await empty.evaluate(`document.querySelectorAll('canvas').length`)).to.equal(0);
    expect(await empty.evaluate('document.body.innerText')).to.not.match(/NaN|undefined|null|Infinity/);
    await leave(empty, knowsNothing);
  });

  it('shows each new sample, and what changed with it', async () => {
    const server = await serve(new PageServer(healthy(0)));
    const page = await show(server);
    server.vitals = leaking(1);
    server.tick();
    await page.until(`document.getElementById('state').dataset.level === 'soon'`);
    const numbers = await page.evaluate<Record<string, string>>(numbersByMetric);
    expect(numbers['process.memory.usage']).to.equal('380 MiB');
    expect(await page.evaluate(`document.getElementById('announcement').textContent`)).to.match(
      /^Act soon\. RSS 380/,
    );
    const words = `document.querySelector('.plot').getAttribute('aria-label')`;
    expect(await page.evaluate(words)).to.match(
      /^Memory, chart from .* RSS 380 MiB, between 150 MiB and 380 MiB;/,
    );
    await leave(page, server);
  });

  it('has both ranges, keeps to the colours of the system when they change, and draws the limit', async () => {
    const server = await serve(new PageServer(leaking(0)).fill(1_000, leaking));
    const page = await show(server);
    const points = (): Promise<number> =>
      page.evaluate<number>(`Number(document.querySelector('.plot').ariaValueMax)`);
    expect(await points()).to.equal(359);
    await page.evaluate(`document.querySelector('input[value=whole]').click()`);
    await page.until(`Number(document.querySelector('.plot').ariaValueMax) < 359`);
    // 1,001 samples in points of four.
    expect(await points()).to.equal(Math.ceil(1_001 / 4) - 1);
    const pixels = (): Promise<string[]> =>
      page.evaluate<string[]>(`(() => {
        const canvas = document.querySelector('canvas');
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        const counts = new Map();
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) {
          const name = '#' + [0, 1, 2].map(c => data[at + c].toString(16).padStart(2, '0')).join('');
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        return [...counts.keys()];
      })()`);
    // RSS, heap, live heap and limit, as the style sheet has them.
    expect(await pixels()).to.include.members(['#2563eb', '#0b8577', '#7c3aed', '#d12c2c']);
    await page.setDark(true);
    await page.evaluate(
      'new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
    );
    expect(await pixels()).to.include.members(['#6ea8fe', '#3fd0bf', '#b99bf8', '#ff7b7b']);
    await leave(page, server);
  });

  it('can be walked through with the keyboard alone, and shows where one is', async () => {
    const server = await serve(new PageServer(healthy(0)).fill(50, healthy));
    const page = await show(server);
    const stops: { name: string; role: string; visible: boolean }[] = [];
    for (let stop = 0; stop < 14; stop++) {
      await page.press('Tab');
      stops.push(await page.evaluate(focused));
    }
    expect(stops.filter(({ visible }) => !visible)).to.deep.equal([]);
    expect(stops.map(({ name }) => name)).to.deep.equal([
      'skip',
      'range',
      'pause',
      ...Array.from({ length: 5 }, () => 'plot'),
      'scroll',
      'vitals.json',
      '(body)',
      'skip',
      'range',
      'pause',
    ]);
    await page.press('Enter');
    expect(await page.evaluate(`document.getElementById('pause').textContent`)).to.equal('Resume');
    await page.press('Enter');
    await page.press('Tab');
    const said = (): Promise<string> => page.evaluate<string>(`document.activeElement.ariaValueText`);
    const now = await said();
    expect(now).to.match(/^\d\d:\d\d:\d\d: RSS 150 MiB, heap used 60 MiB, live heap 58 MiB/);
    await page.press('ArrowLeft');
    expect(await said()).to.not.equal(now);
    await page.press('Home');
    expect(await page.evaluate('document.activeElement.ariaValueNow')).to.equal('0');
    expect(await page.evaluate(`document.querySelector('.at').textContent`)).to.match(/^at \d\d:\d\d:\d\d$/);
    await page.press('Escape');
    expect(await said()).to.equal(now);
    await leave(page, server);
  });

  it('has a name and a role for everything that one can use', async () => {
    const server = await serve(new PageServer(healthy(0)).fill(50, healthy));
    const page = await show(server);
    const { nodes } = await page.send<{ nodes: AccessibleNode[] }>('Accessibility.getFullAXTree');
    const used = nodes.filter(({ ignored }) => !ignored);
    const of = (role: string): string[] =>
      used.filter(node => node.role?.value === role).map(node => node.name?.value ?? '');
    expect(of('slider')).to.have.length(5);
    expect(of('meter')).to.have.members([
      'Container memory',
      'V8 heap, live',
      'Memory of the machine',
      'Descriptors',
    ]);
    expect(of('radio')).to.deep.equal(['30 min', 'All']);
    expect(of('button')).to.deep.equal(['Pause']);
    expect(of('main')).to.have.length(1);
    expect(of('table')).to.have.length(1);
    expect(of('rowheader').length).to.be.greaterThan(45);
    for (const role of ['slider', 'meter', 'radio', 'button', 'link', 'heading', 'region']) {
      expect(
        of(role).filter(name => name === ''),
        role,
      ).to.deep.equal([]);
    }
    await leave(page, server);
  });

  it('keeps the table a table on a phone', async () => {
    const server = await serve(new PageServer(healthy(0)));
    const page = await show(server, PHONE);
    const { nodes } = await page.send<{ nodes: AccessibleNode[] }>('Accessibility.getFullAXTree');
    const count = (role: string): number =>
      nodes.filter(node => !node.ignored && node.role?.value === role).length;
    expect(count('table')).to.equal(1);
    expect(count('row')).to.be.greaterThan(50);
    expect(count('cell')).to.be.greaterThan(100);
    await leave(page, server);
  });

  it('says that the connection is lost, keeps the numbers, tries again, and recovers', async () => {
    const server = await serve(new PageServer(healthy(0)));
    const page = await show(server);
    const before = await page.evaluate(numbersByMetric);
    await server.stopListening();
    await page.until(`document.getElementById('connection').dataset.state === 'lost'`);
    expect(await page.evaluate(`document.getElementById('connection').textContent`)).to.match(
      /^Connection lost at \d\d:\d\d:\d\d, trying again$/,
    );
    expect(await page.evaluate(numbersByMetric)).to.deep.equal(before);
    await server.listen();
    server.vitals = leaking(1);
    server.tick();
    await page.until(`document.getElementById('connection').dataset.state === 'live'`);
    await page.until(`document.getElementById('state').dataset.level === 'soon'`);
    // The only complaints are the browser's own, of requests that failed.
    expect(
      page.complaints.filter(
        text =>
          !text.includes('ERR_CONNECTION_REFUSED') &&
          !text.includes('ERR_EMPTY_RESPONSE') &&
          !text.includes('ERR_CONNECTION_RESET'),
      ),
    ).to.deep.equal([]);
    await page.close();
  });

  it('begins anew when another process answers', async () => {
    const server = await serve(new PageServer(healthy(0)).fill(100, healthy));
    const page = await show(server);
    const port = Number(new URL(server.url).port);
    await server.close();
    const next = new PageServer(leaking(1), 'checkout, the second');
    servers.push(next);
    await next.listen(port);
    await page.until(`document.getElementById('state').dataset.level === 'soon'`);
    await page.until(`document.querySelector('.plot').ariaValueMax === '0'`);
    expect(await page.evaluate(`document.getElementById('service').textContent`)).to.equal(
      'checkout, the second',
    );
    expect(await page.evaluate('document.title')).to.equal('checkout, the second: vitals');
    await page.close();
  });

  it('asks for nothing while it is paused or nobody looks, and for what it missed afterwards', async () => {
    const server = await serve(new PageServer(healthy(0)));
    const page = await show(server);
    const quietFor = async (): Promise<number> => {
      // One that was under way may still arrive.
      await pass(300);
      const before = server.dataRequests;
      await pass(1_000);
      return server.dataRequests - before;
    };
    await page.evaluate(`document.getElementById('pause').click()`);
    expect(await quietFor()).to.equal(0);
    expect(await page.evaluate(`document.getElementById('connection').textContent`)).to.equal('Paused');
    for (let sample = 0; sample < 20; sample++) server.tick();
    await page.evaluate(`document.getElementById('pause').click()`);
    await page.until(`document.querySelector('.plot').ariaValueMax === '20'`);

    const hide = (hidden: boolean): Promise<unknown> =>
      page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, value: ${hidden} }),
        document.dispatchEvent(new Event('visibilitychange'))`);
    await hide(true);
    expect(await quietFor()).to.equal(0);
    for (let sample = 0; sample < 20; sample++) server.tick();
    await hide(false);
    await page.until(`document.querySelector('.plot').ariaValueMax === '40'`);
    await leave(page, server);
  });

  it('does not grow in a day of samples', async function () {
    this.timeout(600_000);
    const server = await serve(new PageServer(healthy(0)));
    let taken = 0;
    server.onData = () => {
      for (let sample = 0; sample < SAMPLES_PER_REQUEST; sample++) {
        taken += 1;
        server.vitals = healthy((taken % 360) / 360);
        server.tick();
      }
    };
    // The page's waits are cut to nothing: requests as fast as they go.
    const page = await browser.open({ before: shortWaits(0) });
    await page.goTo(server.url);
    const liveAfter = async (samples: number): Promise<number> => {
      while (taken < samples) await pass(50);
      // What is on its way at the moment, and code that V8 may drop, come and go: the least of a few is what stays.
      const found: number[] = [];
      for (let turn = 0; turn < 4; turn++) {
        found.push(await page.liveHeapBytes());
        await pass(100);
      }
      return Math.min(...found);
    };
    // Both histories are full by then, and everything has been compiled.
    const early = await liveAfter(1_500);
    const half = await liveAfter(DAY_SAMPLES / 2);
    const late = await liveAfter(DAY_SAMPLES);
    const { nodes } = await page.send<{ nodes: number }>('Memory.getDOMCounters');
    figures.push(
      `live heap after 1,500, ${DAY_SAMPLES / 2} and ${DAY_SAMPLES} samples: ${early}, ${half}, ${late} bytes; ${nodes} nodes`,
    );
    // A tab that kept each sample's row would have 1.5 MB more, and one that kept the answers some 15 MB.
    expect(late - early).to.be.below(500_000);
    await leave(page, server);
  });
});
