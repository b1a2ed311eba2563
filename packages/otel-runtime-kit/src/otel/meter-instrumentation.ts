import { diag, metrics } from '@opentelemetry/api';
import type { Meter, MeterProvider } from '@opentelemetry/api';
import type { ReadingLog } from '../sampling/index.js';
import type { Unbind } from './bind-observables.js';
import { ProblemLog } from './problem-log.js';
import { bindSamplerMetrics } from './sampler-metrics.js';

/** What every instrumentation's options have. */
export interface InstrumentationOptions {
  readonly enabled?: boolean;
}

/**
 * The `Instrumentation` interface of `@opentelemetry/instrumentation`, for packages that only emit metrics.
 *
 * Not a subclass of `InstrumentationBase`: that one enables itself before the fields of a subclass exist
 * (open-telemetry/opentelemetry-js#1989) and brings two module-patching dependencies. Here constructing starts
 * nothing, and each of {@link setMeterProvider}, {@link enable}, {@link disable} and {@link setConfig} is
 * "unbind, then bind if enabled". Tests prove by type that NodeSDK and registerInstrumentations take it.
 */
export abstract class MeterInstrumentation<
  Options extends InstrumentationOptions,
  Resolved extends { readonly enabled: boolean },
> {
  readonly instrumentationName: string;
  readonly instrumentationVersion: string;
  /** Problems of this instrumentation, each said once. */
  protected readonly problems: ProblemLog;
  readonly #readings: ReadingLog;
  readonly #resolve: (options: Options) => Resolved;
  #options: Options;
  #resolved: Resolved;
  #enabled: boolean;
  #provider: MeterProvider | undefined;
  #undo: Unbind[] = [];

  /** @throws what `resolve` throws for options that cannot be */
  protected constructor(
    name: string,
    version: string,
    options: Options,
    resolve: (options: Options) => Resolved,
    readings: ReadingLog,
  ) {
    this.instrumentationName = name;
    this.instrumentationVersion = version;
    this.problems = new ProblemLog(name);
    this.#readings = readings;
    this.#resolve = resolve;
    this.#resolved = resolve(options);
    this.#options = { ...options };
    this.#enabled = this.#resolved.enabled;
  }

  /** Makes instruments, starts sampling, and returns what undoes both. */
  protected abstract bindTo(meter: Meter, options: Resolved): Unbind;

  /** Starts; without a meter provider of its own, with the global one. */
  enable(): void {
    this.#enabled = true;
    this.#rebind();
  }

  /** Stops: no callback, timer or descriptor of ours is left. */
  disable(): void {
    this.#enabled = false;
    this.#rebind();
  }

  /** Moves to another meter provider. NodeSDK calls this twice: with a no-op provider, then with the real one. */
  setMeterProvider(provider: MeterProvider): void {
    this.#provider = provider;
    this.#rebind();
  }

  /** Metrics only: there is nothing to trace. */
  setTracerProvider(_provider: unknown): void {}

  /** The options as given, with `enabled` as it is now. */
  getConfig(): Options {
    return { ...this.#options, enabled: this.#enabled };
  }

  /** Replaces the options. Options that cannot be change nothing and are reported through `diag`. */
  setConfig(options: Options): void {
    let resolved: Resolved;
    try {
      resolved = this.#resolve(options);
    } catch (thrown) {
      this.#complain('setConfig changed nothing', thrown);
      return;
    }
    this.#options = { ...options };
    this.#resolved = resolved;
    this.#enabled = resolved.enabled;
    this.#rebind();
  }

  #rebind(): void {
    this.#stop();
    if (!this.#enabled) return;
    // Each step's undo is kept as soon as it is done, so that a bind that fails half-way can still be undone.
    const undo: Unbind[] = [];
    this.#undo = undo;
    try {
      const provider = this.#provider ?? metrics.getMeterProvider();
      undo.push(bindSamplerMetrics(provider, this.#readings));
      undo.push(
        this.bindTo(provider.getMeter(this.instrumentationName, this.instrumentationVersion), this.#resolved),
      );
    } catch (thrown) {
      this.#unwind(undo);
      this.problems.report('bind', 'could not start', thrown);
    }
    // A first reading may call back into the host, and the host may disable or configure us from there: then that
    // holds, and what was begun before is undone.
    if (this.#undo !== undo) this.#unwind(undo);
  }

  #stop(): void {
    const undo = this.#undo;
    this.#undo = [];
    this.#unwind(undo);
  }

  #complain(message: string, thrown: unknown): void {
    try {
      diag.createComponentLogger({ namespace: this.instrumentationName }).error(message, thrown);
    } catch {
      // A diag logger is the host's code; if it throws there is nobody left to tell.
    }
  }

  #unwind(undo: Unbind[]): void {
    for (const step of undo.splice(0).reverse()) {
      try {
        step();
      } catch (thrown) {
        this.problems.report('unbind', 'could not stop cleanly', thrown);
      }
    }
  }
}
