import type { Machine } from '../run/machine.js';
import type { RunRecord } from '../run/run-record.js';
import type { Scrape } from '../run/scrape.js';
import type { Signal } from '../signals/signal.js';
import type { Tally } from '../tally.js';

/** What the service has at hand for its requests. */
export interface Surroundings {
  /** TCP port, on loopback, of a server that answers each line. */
  readonly backendPort: number;
}

/** The service's work. */
export interface Work {
  /**
   * Does it for one request.
   *
   * @param faulty whether to do it wrongly this time
   * @returns what it has left behind, or made and thrown away
   */
  answer(faulty: boolean): Promise<Partial<Tally>>;
  /** Gives back all that was left behind, as a restart would. */
  mend(): void;
}

/** What is looked at: which numbers the table shows, what the healthy phase is praised for, who is asked a second time. */
export type Aspect = 'descriptors' | 'memory' | 'collections';

/** How often a fault may strike before a machine has no more to give. */
export interface Room {
  readonly faultyRequests: number;
  /** What there is too little of, in words. */
  readonly limitedBy: string;
  /** What somebody can do about it, in words. */
  readonly remedy: string;
}

/** Something that can be wrong with the service. One file each; {@link ./index.ts} lists them. */
export interface Fault {
  /** For `--fault`. */
  readonly name: string;
  /** What the service does, as a sentence without its full stop. */
  readonly title: string;
  /** Whether it only claims to be a fault, to prove that the demo notices. */
  readonly isControl: boolean;
  /** In which phase it begins; anything but `fault` is for controls. */
  readonly beginsIn: 'healthy' | 'fault';
  /** What is looked at; the first of them fills the table. */
  readonly aspects: readonly [Aspect, ...Aspect[]];
  /** What V8 is told in addition, so that seconds are enough. */
  readonly v8Flags: readonly string[];
  /** How much of it the machine can bear. */
  readonly room: (machine: Machine) => Room;
  /** Makes the service's work. Called once, in the service. */
  readonly work: (surroundings: Surroundings) => Work;
  /** Whether it shows by now; as long as it does not, a busy machine is given half as long again. Left out: it does. */
  readonly shows?: (scrape: Scrape) => boolean;
  /** What it must move. */
  readonly signals: readonly Signal[];
  /** What was seen of it, in words and numbers from the scraped metrics. */
  readonly sentence: (run: RunRecord) => string;
}
