import { createRequire } from 'node:module';
import { diag, metrics } from '@opentelemetry/api';
import type { MeterProvider } from '@opentelemetry/api';
import { onFurtherInstrumentation, processState } from 'otel-runtime-kit/otel';
import type * as Page from '../page/index.js';
import { startVitals } from '../vitals.js';
import type { StartedVitals } from '../vitals.js';
import { applicationModules } from './application-modules.js';
import type { Environment } from './environment.js';
import { listen } from './metrics-server.js';
import type { MetricsServer } from './metrics-server.js';
import type { Notices } from './notices.js';
import { makeOwnProvider } from './own-provider.js';
import type { OwnProvider } from './own-provider.js';
import { readSettings } from './settings.js';
import type { RegisterSettings } from './settings.js';

const load = createRequire(__filename);

/** What an {@link Attachment} works with. */
export interface AttachmentOptions {
  readonly environment: Environment;
  readonly notices: Notices;
  readonly isMainThread: boolean;
  /** `process.argv[1]`. */
  readonly mainFile: string | undefined;
}

/** What was set up because the application has no provider. */
interface OwnExport {
  readonly provider: OwnProvider | undefined;
  page?: Page.VitalsPage;
  server?: MetricsServer;
  isOver: boolean;
}

/** The instrumentations and what they are attached to: the application's meter provider, or one of our own. */
export class Attachment {
  readonly #with: AttachmentOptions;
  readonly #settings: RegisterSettings;
  readonly #logger = diag.createComponentLogger({ namespace: 'otel-node-vitals' });
  #vitals: StartedVitals | undefined;
  #own: OwnExport | undefined;

  constructor(options: AttachmentOptions) {
    this.#with = options;
    this.#settings = readSettings(options.environment, options.notices.warn);
  }

  /** Moves to the application's meter provider; ours, if there is one, ends. */
  join(provider: MeterProvider): void {
    if (processState().samplerMetrics.has(provider)) this.#withdraw();
    else {
      if (this.#vitals === undefined) {
        this.#logger.info('joins the meter provider of the application');
        this.#vitals = startVitals(provider, this.#settings.vitals);
      } else {
        this.#logger.info('moves to the meter provider of the application');
        this.#vitals.setMeterProvider(provider);
      }
      onFurtherInstrumentation(provider, this.#withdraw);
    }
    this.#endOwn();
  }

  /** Two sets on one provider would do every reading twice, and their counters began at different times. */
  readonly #withdraw = (): void => {
    this.#vitals?.shutdown();
    this.#vitals = undefined;
    this.#logger.info(
      'the application has instrumentations of ours on its meter provider; register adds none',
    );
  };

  /** Sets up what the environment asks for. */
  setUpOwn(): void {
    const { exporters } = this.#settings;
    if (exporters.length === 0 || this.#own !== undefined) return;
    const application = applicationModules(this.#with.mainFile);
    const provider = makeOwnProvider(this.#settings, application, this.#with.notices);
    const serves = exporters.includes('prometheus');
    if (provider === undefined && !serves) return;
    const own: OwnExport = { provider, isOver: false };
    this.#own = own;
    // Without an SDK the instruments lead nowhere, and the page has its numbers all the same.
    this.#vitals = startVitals(provider?.provider ?? metrics.getMeterProvider(), this.#settings.vitals);
    if (serves) void this.#serve(own, this.#vitals);
  }

  async #serve(own: OwnExport, vitals: StartedVitals): Promise<void> {
    try {
      const { serviceName, host, vitals: options } = this.#settings;
      // Its assets are large, and nobody needs them who joins a provider.
      const { vitalsPage } = load('../page/index.js') as typeof Page;
      const page = vitalsPage(readingsOf(vitals, serviceName), {
        hosts: /^[\w.-]+$/.test(host) ? [host] : [],
        ...(options.sampleIntervalMillis === undefined
          ? {}
          : { sampleIntervalMillis: options.sampleIntervalMillis }),
      });
      own.page = page;
      const prometheus = own.provider?.prometheus;
      const server = await listen(
        {
          metrics: (request, response) => {
            if (prometheus !== undefined) prometheus.getMetricsRequestHandler(request, response);
            else {
              response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8' });
              response.end('no exporter: npm install @opentelemetry/exporter-prometheus\n');
            }
          },
          page,
        },
        this.#settings,
        this.#with.notices,
      );
      if (server === undefined) page.close();
      // The application's provider may have come meanwhile.
      else if (own.isOver) server.close();
      else {
        own.server = server;
        const scrape = prometheus === undefined ? '' : `metrics ${server.url}/metrics, `;
        this.#with.notices.inform(`${scrape}page ${server.url}/`);
      }
    } catch (thrown) {
      this.#logger.error('could not serve', thrown);
    }
  }

  #endOwn(): void {
    const own = this.#own;
    if (own === undefined || own.isOver) return;
    own.isOver = true;
    own.page?.close();
    own.server?.close();
    own.provider?.shutdown().catch((thrown: unknown) => {
      this.#logger.debug('our own meter provider did not end well', thrown);
    });
  }
}

function readingsOf({ memory, gc, fd }: StartedVitals, service: string | undefined): Page.VitalsReadings {
  return {
    memory: () => memory?.snapshot() ?? null,
    gc: () => gc?.summary() ?? null,
    fd: () => fd?.snapshot() ?? null,
    service,
  };
}
