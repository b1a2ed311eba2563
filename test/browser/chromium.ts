import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { BrowserPage } from './browser-page.js';
import type { PageSettings } from './browser-page.js';
import { DevtoolsPipe } from './devtools-pipe.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The program of a Chromium that is installed here; `CHROMIUM` names another one. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(isExecutable);
}

/** Installs Debian's, where that is possible. Says why not, if it is not. */
export function installChromium(): string | undefined {
  if (process.getuid?.() !== 0) return 'Chromium is not installed, and only root could install it';
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const { status, error, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
    if (status !== 0) {
      return `Chromium is not installed, and apt-get ${args.join(' ')} failed: ${error?.message ?? stderr.slice(-300)}`;
    }
  }
  return undefined;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Chromium without a window, with a profile of its own, driven over the DevTools protocol. */
export class Chromium {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #pipe: DevtoolsPipe;

  constructor(program: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'chromium-'));
    const args = [
      '--headless=new',
      '--remote-debugging-pipe',
      `--user-data-dir=${this.#profile}`,
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--force-color-profile=srgb',
      // Chromium's sandbox does not run as root. The only page that it opens is our own.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      'about:blank',
    ];
    this.#child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
    this.#child.on('error', () => {});
    const [, , , to, from] = this.#child.stdio;
    this.#pipe = new DevtoolsPipe(to as Writable, from as Readable);
  }

  open(settings: PageSettings = {}): Promise<BrowserPage> {
    return BrowserPage.open(this.#pipe, settings);
  }

  async version(): Promise<string> {
    return (await this.#pipe.send<{ product: string }>('Browser.getVersion')).product;
  }

  async close(): Promise<void> {
    const ended = new Promise(resolve => this.#child.once('close', resolve));
    if (this.#child.exitCode === null && this.#child.pid !== undefined) {
      this.#pipe.send('Browser.close').catch(() => {});
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
