import type { RunRecord } from '../run/run-record.js';
import type { Signal } from '../signals/signal.js';

/** What the service has at hand for its requests. */
export interface Surroundings {
  /** TCP port, on loopback, of a server that answers each line. */
  readonly backendPort: number;
}

/**
 * Does the service's work for one request.
 *
 * @param faulty whether to do it wrongly this time
 * @returns how many things it has left behind that it should not have
 */
export type Work = (faulty: boolean) => Promise<number>;

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
  /** Makes the service's work. Called once, in the service. */
  readonly work: (surroundings: Surroundings) => Work;
  /** What it must move. */
  readonly signals: readonly Signal[];
  /** What was seen of it, in words and numbers from the scraped metrics. */
  readonly sentence: (run: RunRecord) => string;
}
