import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PrometheusApi } from './prometheus-api.js';
import { prometheusPrograms } from './programs.js';

/** What a Prometheus is started with. */
export interface PrometheusSetup {
  /** As in a configuration: `15s`, `500ms`. */
  readonly scrapeInterval: string;
  readonly scrapes: readonly ScrapeJob[];
  /** Texts of rule files, by name. They have their own intervals. */
  readonly ruleFiles?: Readonly<Record<string, string>>;
  /** Of the command line. */
  readonly flags?: readonly string[];
}

export interface ScrapeJob {
  readonly job: string;
  /** `host:port` each, with labels of its own if it needs some. */
  readonly targets: readonly (string | LabelledTarget)[];
  /** `/metrics` if it is left out. */
  readonly path?: string;
}

export interface LabelledTarget {
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

const READY_MILLIS = 30_000;

const STOP_MILLIS = 10_000;

/** A real Prometheus, in a process and a folder of its own, on loopback. */
export class RunningPrometheus {
  readonly api: PrometheusApi;
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #log: () => string;
  readonly #killAtExit = (): void => {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  };

  /** A signal ends this process without an exit, and would leave the other one behind. */
  readonly #exitAtSignal = (): never => process.exit(143);

  /** Resolves when it answers queries. */
  static async start(setup: PrometheusSetup): Promise<RunningPrometheus> {
    const { prometheus } = await prometheusPrograms();
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
    writeConfiguration(folder, setup);
    const port = await freePort();
    const child = spawn(
      prometheus,
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
        ...(setup.flags ?? []),
      ],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const running = new RunningPrometheus(child, folder, `http://127.0.0.1:${port}`);
    try {
      await running.#untilReady();
    } catch (thrown) {
      await running.stop();
      throw thrown;
    }
    return running;
  }

  /** @param child listens, or soon will, on `url` */
  constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.api = new PrometheusApi(url);
    let log = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));
    this.#log = () => log;
    process.once('exit', this.#killAtExit);
    process.once('SIGTERM', this.#exitAtSignal);
  }

  get pid(): number {
    return this.#child.pid ?? NaN;
  }

  /** What it has complained of. */
  get log(): string {
    return this.#log();
  }

  /** Gives it another configuration; its flags stay what they were. Resolves when it has taken that. */
  async reconfigure(setup: Omit<PrometheusSetup, 'flags'>): Promise<void> {
    writeConfiguration(this.#folder, setup);
    const before = await this.api.ownMetric('prometheus_config_last_reload_success_timestamp_seconds');
    this.#child.kill('SIGHUP');
    const endMillis = Date.now() + READY_MILLIS;
    while (Date.now() < endMillis) {
      if ((await this.api.ownMetric('prometheus_config_last_reload_success_timestamp_seconds')) !== before)
        return;
      await sleep(100);
    }
    throw new Error(`Prometheus does not take the configuration:\n${this.log}`);
  }

  /** Ends it and removes its folder. Safe at any time, and more than once. */
  async stop(): Promise<void> {
    if (this.#isRunning) {
      const ended = once(this.#child, 'exit');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MILLIS);
      this.#child.kill('SIGTERM');
      await ended;
      clearTimeout(timer);
    }
    process.removeListener('exit', this.#killAtExit);
    process.removeListener('SIGTERM', this.#exitAtSignal);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #isRunning(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #untilReady(): Promise<void> {
    const endMillis = Date.now() + READY_MILLIS;
    while (this.#isRunning && Date.now() < endMillis) {
      if (await this.api.isReady()) return;
      await sleep(100);
    }
    throw new Error(`Prometheus does not get ready:\n${this.log}`);
  }
}

/** JSON is YAML too. */
function writeConfiguration(
  folder: string,
  { scrapeInterval, scrapes, ruleFiles = {} }: PrometheusSetup,
): void {
  for (const [name, text] of Object.entries(ruleFiles)) writeFileSync(join(folder, name), text);
  const configuration = {
    global: { scrape_interval: scrapeInterval, scrape_timeout: scrapeInterval },
    rule_files: Object.keys(ruleFiles),
    scrape_configs: scrapes.map(({ job, targets, path = '/metrics' }) => ({
      job_name: job,
      metrics_path: path,
      static_configs: targets.map(target =>
        typeof target === 'string'
          ? { targets: [target] }
          : { targets: [target.address], labels: target.labels },
      ),
    })),
  };
  writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configuration));
}

/** Free when it was looked for. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
