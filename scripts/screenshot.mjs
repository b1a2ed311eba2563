// Makes docs/images/vitals-page.png, the picture of the README: a real service with a real leak, watched for some
// minutes, and its page in a real Chromium.
import { spawn } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './lib/repository.mjs';

const require = createRequire(import.meta.url);
const { Chromium, findChromium } = require(join(root, 'test', 'browser', 'dist', 'chromium.js'));
const picture = join(root, 'docs', 'images', 'vitals-page.png');
const WATCHED_MILLIS = Number(process.env.WATCHED_SECONDS ?? 200) * 1000;
const MOST_BYTES = 150_000;
/** Narrow enough that its words can still be read where a README shows it smaller. */
const WIDTH = 960;

const program = findChromium();
if (program === undefined) throw new Error('there is no Chromium: apt-get install chromium');
const service = spawn(process.execPath, [join(root, 'scripts', 'lib', 'leaking-service.mjs')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = new Chromium(program);
try {
  const url = await new Promise((resolve, reject) => {
    service.stdout.setEncoding('utf8').once('data', line => resolve(line.trim()));
    service.once('exit', code => reject(new Error(`the service ended with ${code}`)));
  });
  console.log(`the service leaks at ${url}; the picture comes in ${WATCHED_MILLIS / 1000} s`);
  await new Promise(resolve => setTimeout(resolve, WATCHED_MILLIS));
  const page = await browser.open({ width: WIDTH, height: 1000 });
  await page.send('Emulation.setScrollbarsHidden', { hidden: true });
  await page.goTo(url);
  await page.until(`document.getElementById('connection').dataset.state === 'live'`);
  await new Promise(resolve => setTimeout(resolve, 1_000));
  console.log(await page.evaluate(`document.getElementById('state').innerText`));
  mkdirSync(join(root, 'docs', 'images'), { recursive: true });
  // Down to the end of the second row of charts.
  const height = await page.evaluate(
    `Math.ceil(document.querySelectorAll('#charts .card')[2].getBoundingClientRect().bottom + 14)`,
  );
  await page.send('Emulation.setDeviceMetricsOverride', {
    width: WIDTH,
    height,
    deviceScaleFactor: 1,
    mobile: false,
  });
  await new Promise(resolve => setTimeout(resolve, 500));
  await page.screenshot(picture);
} finally {
  service.kill();
  await browser.close();
}
const { size } = statSync(picture);
console.log(`docs/images/vitals-page.png, ${size} bytes`);
if (size > MOST_BYTES) {
  console.error(`more than ${MOST_BYTES} bytes`);
  process.exitCode = 1;
}
