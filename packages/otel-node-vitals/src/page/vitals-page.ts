import type { FdSnapshot } from 'otel-fd-watch';
import type { GcSummary } from 'otel-gc-instrumentation';
import type { MemorySnapshot } from 'otel-memory-metrics';
import { ProblemLog, processState } from 'otel-runtime-kit/otel';
import type { SamplingRuntime } from 'otel-runtime-kit/otel';
import { hostName, isAllowedHost } from './allowed-host.js';
import { HistoryRecorder } from './history-recorder.js';
import type { PageRequest, PageResponse } from './http-types.js';
import { PAGE, PAGE_ASSETS } from './page-assets.js';
import type { PageData, Vitals } from './page-data.js';
import { ETAG, assetAnswer } from './asset-answer.js';
import { headersOf } from './page-headers.js';
import type { Answer } from './page-headers.js';
import { fillPage } from './page-html.js';
import { resolvePageOptions } from './page-options.js';
import type { VitalsPageOptions } from './page-options.js';

/** Where the page's numbers come from: pure reads of what the instrumentations know. */
export interface VitalsReadings {
  memory(): MemorySnapshot | null;
  gc(): GcSummary | null;
  fd(): FdSnapshot | null;
  /** Name of the service, for the title. */
  readonly service?: string | undefined;
}

/**
 * Answers a request if it is for the page, and says whether it did: `false` leaves it to the host's own server.
 * Express: `app.use((request, response, next) => page(request, response) || next())`.
 */
export interface VitalsPage {
  (request: PageRequest, response: PageResponse): boolean;
  /** Stops keeping the past, and answers nothing any more. */
  close(): void;
}

/** Values of `vitals.reading` in `vitals.sampler.*` that are the page's. */
export const PAGE_READINGS = ['page.history', 'page.answer'] as const;

/** What the page's path comes to without its final slash; no URL has this in it. */
const NO_SLASH = '\n';
const NAMES: ReadonlySet<string> = new Set(['', NO_SLASH, 'vitals.json', ...Object.keys(PAGE_ASSETS)]);
const text = (status: number, body: string, headers?: Answer['headers']): Answer => ({
  status,
  type: 'text/plain',
  body: `${body}\n`,
  ...(headers === undefined ? {} : { headers }),
});

/**
 * A live status page of this process: `GET <path>`, `<path>vitals.json` and what lies below `<path>vitals/`.
 *
 * It keeps the past of eleven numbers (some 45 KB) from the shared sampler until {@link VitalsPage.close} is called.
 * Whoever can reach the server can read it: bind it to loopback, or have something in front that asks who it is.
 *
 * @param runtime the sampler and its accounts, replaceable for tests
 * @throws TypeError or RangeError for an option that does not exist or cannot be
 */
export function vitalsPage(
  readings: VitalsReadings,
  options: VitalsPageOptions = {},
  runtime: SamplingRuntime = processState().runtime,
): VitalsPage {
  const { path, hosts, sampleIntervalMillis } = resolvePageOptions(options);
  const names: ReadonlySet<string> = new Set(hosts.map(hostName));
  const problems = new ProblemLog('otel-node-vitals');
  const { clock } = runtime;
  const startedAtMillis = clock.epochMillis();
  const read = (): Vitals => ({ memory: readings.memory(), gc: readings.gc(), fd: readings.fd() });
  const recorder = new HistoryRecorder({
    sampler: runtime.sampler,
    intervalMillis: sampleIntervalMillis,
    epochMillis: () => clock.epochMillis(),
    read: () => runtime.readings.run('page.history', read, problems),
  });
  let closed = false;

  const data = (after: number): PageData => {
    const latestMillis = recorder.latestMillis ?? startedAtMillis;
    return {
      schema: 'otel-node-vitals/page@1',
      service: readings.service ?? null,
      pid: process.pid,
      nodeVersion: process.version,
      startedAtMillis,
      uptimeSeconds: Math.round(process.uptime()),
      sampleIntervalMillis,
      nextSampleMillis: Math.max(0, Math.round(latestMillis + sampleIntervalMillis - clock.epochMillis())),
      sequence: recorder.sequence,
      ...read(),
      history: recorder.since(after),
    };
  };

  const answer = (name: string, query: string, request: PageRequest): Answer => {
    const { host, 'if-none-match': known } = request.headers;
    if (!isAllowedHost(Array.isArray(host) ? host[0] : host, names)) {
      return text(
        403,
        'This page answers to localhost and to addresses. Other names must be given in the option hosts.',
      );
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return text(405, 'GET and HEAD only.', { allow: 'GET, HEAD' });
    }
    // The page's own links are relative to its folder.
    if (name === NO_SLASH) return text(308, path, { location: path });
    if (name === 'vitals.json') {
      const after = Number(new URLSearchParams(query).get('after') ?? 0);
      return {
        status: 200,
        type: 'application/json',
        body: JSON.stringify(data(Number.isFinite(after) ? after : 0)),
      };
    }
    const asset = PAGE_ASSETS[name];
    if (asset === undefined) {
      const body = fillPage(PAGE.template, readings.service ?? `process ${process.pid}`, read());
      return { status: 200, type: 'text/html', body };
    }
    return assetAnswer(asset, known === ETAG, request.headers['accept-encoding']);
  };

  const page = (request: PageRequest, response: PageResponse): boolean => {
    const [wanted = '', query = ''] = (request.url ?? '').split('?', 2);
    if (closed || !`${wanted}/`.startsWith(path)) return false;
    const name = wanted.length < path.length ? NO_SLASH : wanted.slice(path.length);
    if (!NAMES.has(name)) return false;
    const given =
      runtime.readings.run('page.answer', () => answer(name, query, request), problems) ??
      ({
        status: 500,
        type: 'application/json',
        body: '{"error":"a reading failed; it is in the log"}',
      } as const);
    // The response is the host's, and may be gone or begun already.
    runtime.readings.run(
      'page.answer',
      () => {
        response.writeHead(given.status, headersOf(given));
        response.end(request.method === 'HEAD' ? undefined : given.body);
      },
      problems,
    );
    return true;
  };
  return Object.assign(page, {
    close() {
      closed = true;
      recorder.stop();
    },
  });
}
