/** What the service that is killed is told, as JSON on its command line. */
export interface KillSettings {
  readonly isGuarded: boolean;
  /** Where OTLP goes. */
  readonly endpoint: string;
  /** The folder of the guard. */
  readonly spool: string;
  /** The file for what was accepted; undefined: it serves nobody, and only delivers what was left. */
  readonly accepted: string | undefined;
}

/** From the service, once it serves. */
export interface ServingMessage {
  readonly url: string;
}
