import type { Deliverer } from './delivery/attempt.js';
import { EndpointGate } from './delivery/endpoint-gate.js';
import { SendNotices } from './guard-notices.js';
import type { ItemForm } from './items/item-form.js';
import { Origins } from './items/origins.js';
import type { ResolvedGuardOptions } from './options.js';
import type { GuardDisk } from './pipeline/guard-disk.js';
import { Lane } from './pipeline/lane.js';
import type { LaneOptions } from './pipeline/lane.js';

/** As the SDK's batch processors have it. */
const BATCH_ITEMS = 512;
const DELAY_MILLIS = 1_000;

/** Where the items of a lane go. */
export interface Destination<Kept> {
  readonly deliverer: Deliverer<Kept>;
  /** What lanes share that send to the same place; undefined if that is not known. */
  readonly endpoint?: string | undefined;
  /** How long one attempt may take. */
  readonly timeoutMillis: number;
}

/** The lanes of a guard, one for each exporter, and the gates of the endpoints that they send to. */
export class GuardLanes {
  readonly #options: ResolvedGuardOptions;
  readonly #disk: GuardDisk;
  readonly #origins = new Origins();
  readonly #lanes = new Map<string, Lane<never>>();
  readonly #gates = new Map<string, EndpointGate>();
  readonly #sending = new SendNotices();

  constructor(options: ResolvedGuardOptions, disk: GuardDisk) {
    this.#options = options;
    this.#disk = disk;
  }

  get all(): readonly Lane<never>[] {
    return [...this.#lanes.values()];
  }

  get byName(): ReadonlyMap<string, Lane<never>> {
    return this.#lanes;
  }

  /**
   * @param kind what it is called: by that and by its order, so that the next start finds the same exporter for what this one leaves
   * @param more instead of what all lanes have
   */
  add<Item, Kept>(
    kind: string,
    form: ItemForm<Item, Kept>,
    { deliverer, endpoint, timeoutMillis }: Destination<Kept>,
    more: Partial<LaneOptions> = {},
  ): Lane<Item, Kept> {
    let name = kind;
    for (let count = 2; this.#lanes.has(name); count += 1) name = `${kind}-${count}`;
    const { memoryItems, memoryBytes, writeAhead, overflow, onDrop } = this.#options;
    const { retryFirstMillis, retryLongestMillis } = this.#options;
    const options: LaneOptions = {
      memoryItems,
      memoryBytes,
      batchItems: BATCH_ITEMS,
      exportTimeoutMillis: timeoutMillis,
      delayMillis: DELAY_MILLIS,
      writesAhead: writeAhead === 'item',
      overflow,
      retryFirstMillis,
      retryLongestMillis,
      onDrop: (count, reason) => {
        onDrop({ signal: form.signal, count, reason });
      },
      onAttempt: failure => {
        this.#sending.attempted(name, failure);
      },
      onRejected: (count, why) => {
        this.#sending.rejected(name, count, why);
      },
      isAnotherSending: () =>
        [...this.#lanes].some(
          ([other, { isSending, hasFailed }]) => other !== name && isSending && hasFailed,
        ),
      gate: this.#gateOf(endpoint ?? `of ${name}`),
      random: Math.random,
      ...more,
    };
    const lane = this.#disk.addLane<Item, Kept>(
      name,
      disk => new Lane<Item, Kept>(name, form, deliverer, disk, this.#origins, options),
    );
    this.#lanes.set(name, lane as unknown as Lane<never>);
    return lane;
  }

  #gateOf(endpoint: string): EndpointGate {
    let gate = this.#gates.get(endpoint);
    if (gate === undefined) this.#gates.set(endpoint, (gate = new EndpointGate(this.#options, Math.random)));
    return gate;
  }
}
