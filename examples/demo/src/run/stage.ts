import type { Fault } from '../faults/fault.js';
import type { Plan } from '../plan.js';
import type { PressureMessage, ReadyMessage } from '../service/messages.js';
import { Backend } from './backend.js';
import { LoadGenerator } from './load-generator.js';
import { Scraper } from './scraper.js';
import { ServiceProcess } from './service-process.js';

/** Everything that takes part in a run: the service in its process; backend, load and scraper in this one. */
export class Stage {
  readonly service: ServiceProcess;
  readonly #backend = new Backend();
  #scraper: Scraper | undefined;
  #load: LoadGenerator | undefined;
  #addresses: ReadyMessage | undefined;

  readonly #faults: readonly Fault[];

  /**
   * Starts the service's process; {@link open} makes it serve.
   *
   * @param faults what the service can do wrongly
   */
  constructor(faults: readonly Fault[], onPressure: (pressure: PressureMessage) => void) {
    this.#faults = faults;
    this.service = new ServiceProcess(
      faults.flatMap(({ v8Flags }) => v8Flags),
      onPressure,
    );
  }

  get addresses(): ReadyMessage {
    return opened(this.#addresses);
  }

  get load(): LoadGenerator {
    return opened(this.#load);
  }

  get scraper(): Scraper {
    return opened(this.#scraper);
  }

  async open(plan: Plan): Promise<void> {
    const backendPort = await this.#backend.start();
    const faults = this.#faults.map(({ name }) => name);
    this.#addresses = await this.service.start({ faults, backendPort, watch: plan.watch });
    this.#load = new LoadGenerator(this.#addresses.url, plan.requestsPerSecond);
    this.#scraper = new Scraper(this.#addresses.metricsUrl);
  }

  /** Ends all of it. Safe at any time. */
  async close(): Promise<void> {
    await this.#load?.pause();
    this.#scraper?.close();
    await this.service.stop();
    this.#backend.stop();
  }
}

function opened<Part>(part: Part | undefined): Part {
  if (part === undefined) throw new Error('the stage is not open yet');
  return part;
}
