import type { RetryWaits } from '../delivery/backoff.js';
import { EndpointGate } from '../delivery/endpoint-gate.js';
import { within } from '../delivery/within.js';
import { Origins } from '../items/origins.js';
import { Adoption } from '../pipeline/adoption.js';
import { GuardDisk } from '../pipeline/guard-disk.js';
import type { DiskTrouble } from '../pipeline/guard-disk.js';
import type { Lane } from '../pipeline/lane.js';
import type { FileSystem } from '../spool/file-system.js';
import { HEARTBEAT_MILLIS } from '../spool/owner.js';
import type { ProcessView } from '../spool/owner.js';
import { DrainLane } from './drain-lane.js';
import { signalOfLane, wayOfSignal } from './drain-signals.js';
import type { DrainRoute, DrainTarget } from './drain-target.js';
import { errorText } from './spool-tree.js';
import type { Unreadable } from './spool-tree.js';

export interface DrainSettings extends RetryWaits {
  readonly files: FileSystem;
  readonly dir: string;
  readonly view: ProcessView;
  readonly uid: number | undefined;
  readonly target: DrainTarget;
  /** Infinity: for ever. */
  readonly timeoutMillis: number;
  /** Of the batch under way when it is stopped; then it is cut off. */
  readonly graceMillis: number;
  readonly random: () => number;
}

/** Why it has ended: all is done; nothing more can be done; its time was over; somebody wants it to. */
export type DrainEnd = 'finished' | 'broken' | 'timeout' | 'interrupted';

/** Nothing is dropped for want of room, or for its age: whoever calls this wants all there is. */
const NO_LIMIT_BYTES = Number.MAX_SAFE_INTEGER;

/** A request that is cut off has failed at once, or something is wrong with it. */
const CUT_OFF_MILLIS = 300;

/** Takes over what dead processes have left in a spool, and delivers it: a process as others are, with a folder of its own. */
export class Drain {
  /** Why the folder cannot be used; undefined: it can. */
  readonly refusal: DiskTrouble | undefined;
  /** Where this process has what it has taken over. */
  readonly folder: string | undefined;
  readonly #settings: DrainSettings;
  readonly #disk: GuardDisk;
  readonly #adoption: Adoption;
  readonly #lanes = new Map<string, DrainLane>();
  /** Why lanes are left alone. */
  readonly #leftAlone = new Map<string, string>();
  readonly #gates = new Map<string, EndpointGate>();
  readonly #origins = new Origins();
  readonly #problems: Unreadable[] = [];
  #takenOver = 0;
  #trouble: string | undefined;
  #end: DrainEnd | undefined;
  #wasStopped: () => void = () => {};
  readonly #stopped = new Promise<void>(resolve => (this.#wasStopped = resolve));

  constructor(settings: DrainSettings) {
    this.#settings = settings;
    const { files, dir, view, uid } = settings;
    this.#disk = new GuardDisk({
      files,
      dir,
      limitBytes: NO_LIMIT_BYTES,
      maxAgeMillis: Infinity,
      view,
      uid,
      onTrouble: trouble => {
        this.#trouble = trouble?.message;
      },
    });
    this.folder = this.#disk.places?.folder;
    // A folder without its reserves will do: nothing is accepted here.
    this.refusal = this.folder === undefined ? this.#disk.trouble : undefined;
    this.#adoption = new Adoption({
      files,
      view,
      disk: this.#disk,
      laneOf: name => this.#laneOf(name) as unknown as Lane<never> | undefined,
      onProblem: (path, thrown) => {
        this.#problems.push({ path, error: typeof thrown === 'string' ? thrown : errorText(thrown) });
      },
      onPrevious: () => {
        this.#takenOver += 1;
      },
    });
  }

  /** By their names: what is delivered, or tried to be. */
  get lanes(): ReadonlyMap<string, DrainLane> {
    return this.#lanes;
  }

  /** Lanes of which nothing is delivered, with the reason. */
  get leftAlone(): ReadonlyMap<string, string> {
    return this.#leftAlone;
  }

  /** Folders of dead processes that it has taken over. */
  get takenOver(): number {
    return this.#takenOver;
  }

  /** What could not be taken over, or not be read. */
  get problems(): readonly Unreadable[] {
    return this.#problems;
  }

  /** The latest that went wrong with writing, of acks say; what it was about may be sent once more. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /**
   * Delivers until nothing is left that can be. What is then left stays in a folder that the next start takes over. To be called once.
   * Never rejects for what a file or an endpoint does.
   */
  async run(): Promise<DrainEnd> {
    const { timeoutMillis } = this.#settings;
    const beats = setInterval(() => {
      this.#disk.beat(Date.now());
    }, HEARTBEAT_MILLIS);
    const untilMillis = performance.now() + timeoutMillis;
    const timeout =
      timeoutMillis === Infinity
        ? undefined
        : setTimeout(() => {
            this.stop('timeout');
          }, timeoutMillis);
    try {
      return await this.#rounds(untilMillis);
    } finally {
      clearInterval(beats);
      clearTimeout(timeout);
      for (const lane of this.#lanes.values()) lane.closeAcks();
      this.#disk.close();
    }
  }

  /** Sends nothing more: what is under way may end within the grace. */
  stop(end: DrainEnd): void {
    this.#end ??= end;
    this.#wasStopped();
  }

  /** Lane by lane, each until it is empty or an attempt fails; those that have failed wait for their turn while others are sent. */
  async #rounds(untilMillis: number): Promise<DrainEnd> {
    for (;;) {
      // Others may die in the meantime.
      await this.#adoption.run(Date.now());
      for (const lane of this.#lanes.values()) lane.release();
      const waiting = this.#waiting();
      if (waiting.length === 0 && !this.#isStopped) return 'finished';
      // One that always fails is not to take the turn of another at the same endpoint.
      waiting.sort((one, other) => one.triedMillis - other.triedMillis);
      for (const lane of waiting) {
        // Asked each time: the one before it may have found the way closed.
        if (!this.#isStopped && lane.waitMillis === 0) await this.#send(lane);
      }
      if (this.#settings.target.brokenBy !== undefined) this.stop('broken');
      await this.#wait(untilMillis);
      if (this.#end !== undefined) return this.#waiting().length === 0 ? 'finished' : this.#end;
    }
  }

  get #isStopped(): boolean {
    return this.#end !== undefined;
  }

  #waiting(): DrainLane[] {
    return [...this.#lanes.values()].filter(({ drained }) => drained.left > 0);
  }

  async #send(lane: DrainLane): Promise<void> {
    const sent = lane.send();
    await Promise.race([sent, this.#stopped]);
    if (!this.#isStopped) return;
    await within(this.#settings.graceMillis, () => sent);
    if (!lane.isSending) return;
    await this.#settings.target.close();
    await within(CUT_OFF_MILLIS, () => sent);
  }

  async #wait(untilMillis: number): Promise<void> {
    const waiting = this.#waiting();
    if (waiting.length === 0 || this.#end !== undefined) return;
    const millis = Math.min(...waiting.map(({ waitMillis }) => waitMillis));
    // Whoever asks to be left alone for longer than there is time is not waited for.
    const isInVain = waiting.every(({ gate }) => gate.isHeld) && performance.now() + millis > untilMillis;
    if (isInVain) this.stop('timeout');
    else if (millis > 0) await within(millis, () => this.#stopped);
  }

  #laneOf(name: string): DrainLane | undefined {
    const known = this.#lanes.get(name);
    if (known !== undefined || this.#leftAlone.has(name)) return known;
    const signal = signalOfLane(name);
    const { target, random, retryFirstMillis, retryLongestMillis } = this.#settings;
    const route = signal === undefined ? 'what is in it is not known' : target.routeOf(signal);
    const way =
      signal === undefined || typeof route === 'string'
        ? undefined
        : wayOfSignal(signal, target.format, route.send);
    if (typeof route === 'string' || way === undefined) {
      this.#leftAlone.set(
        name,
        typeof route === 'string' ? route : `drain cannot send ${name.split('-')[0] ?? ''} yet`,
      );
      return undefined;
    }
    this.#disk.addLane(name, disk => {
      const lane = new DrainLane(name, {
        disk,
        origins: this.#origins,
        way,
        to: route.to,
        attemptMillis: route.timeoutMillis,
        gate: this.#gateOf(route),
        random,
        retryFirstMillis,
        retryLongestMillis,
        isStopped: () => this.#isStopped,
      });
      this.#lanes.set(name, lane);
      return lane;
    });
    return this.#lanes.get(name);
  }

  #gateOf({ endpoint }: DrainRoute): EndpointGate {
    let gate = this.#gates.get(endpoint);
    if (gate === undefined) {
      gate = new EndpointGate(this.#settings, this.#settings.random);
      this.#gates.set(endpoint, gate);
    }
    return gate;
  }
}
