import type { MeterProvider } from '@opentelemetry/api';

/** Where every copy of `@opentelemetry/api` 1.x keeps what is registered. */
export const API_KEY = Symbol.for('opentelemetry.js.api.1');

interface ApiState {
  metrics?: MeterProvider | undefined;
}

/** `globalThis`, or what stands for it in tests. */
export interface ApiHolder {
  [API_KEY]?: ApiState | undefined;
}

/**
 * Tells when an application registers a meter provider, at once and without touching the API's modules.
 *
 * Metrics have no proxy provider, and nothing tells of a registration. But every version 1.x of the API writes to the same
 * two places: it assigns `globalThis[API_KEY]` (again with each registration of any kind), and then the property `metrics` of the
 * object there. So the first place gets a setter until the object is there, and then goes back to being an ordinary
 * property: the API reads it with every `context.active()`. The property `metrics`, which is read seldom, keeps its setter.
 * A registration that went past both (the object replaced, the setter deleted by `metrics.disable()`) is found by
 * {@link look}, which somebody has to call now and then.
 */
export class ProviderWatch {
  readonly #holder: ApiHolder;
  readonly #onProvider: (provider: MeterProvider) => void;
  #seen: MeterProvider | undefined;
  #watched: ApiState | undefined;

  /** @param onProvider called with each newly registered provider, inside the registration: must be quick, may not throw */
  constructor(holder: ApiHolder, onProvider: (provider: MeterProvider) => void) {
    this.#holder = holder;
    this.#onProvider = onProvider;
  }

  /** What is registered now. Read as it is: our own copy of the API may be too new to look at what an older one wrote. */
  get current(): MeterProvider | undefined {
    const provider = this.#holder[API_KEY]?.metrics;
    return typeof provider?.getMeter === 'function' ? provider : undefined;
  }

  /** Takes what is registered already, and watches from now on. */
  start(): void {
    this.look();
    if (this.#watched === undefined) this.#watchHolder();
  }

  /** Looks for itself, and puts the setter back where it has been lost. */
  look(): void {
    const state = this.#holder[API_KEY];
    if (state !== undefined) this.#watchState(state);
    const provider = this.current;
    if (provider !== undefined) this.#tell(provider);
  }

  /** Leaves both places as ordinary properties. */
  stop(): void {
    if (Object.getOwnPropertyDescriptor(this.#holder, API_KEY)?.set === this.#takeState)
      this.#makeOrdinary(this.#holder, API_KEY, this.#holder[API_KEY]);
    const state = this.#watched;
    this.#watched = undefined;
    if (state !== undefined && hasSetter(state)) this.#makeOrdinary(state, 'metrics', state.metrics);
  }

  #watchHolder(): void {
    // A global that is there and cannot be changed, or a frozen globalThis: then there is only looking.
    if (Object.hasOwn(this.#holder, API_KEY) && this.#holder[API_KEY] !== undefined) return;
    Reflect.defineProperty(this.#holder, API_KEY, {
      configurable: true,
      enumerable: true,
      get: () => undefined,
      set: this.#takeState,
    });
  }

  readonly #takeState = (state: ApiState | undefined): void => {
    if (state === undefined) return;
    this.#makeOrdinary(this.#holder, API_KEY, state);
    // The assignment of `metrics` comes next, so nothing may go wrong here.
    try {
      this.look();
    } catch {
      // Then it is found by looking.
    }
  };

  #watchState(state: ApiState): void {
    if (this.#watched === state && hasSetter(state)) return;
    const before = Object.getOwnPropertyDescriptor(state, 'metrics');
    if (before?.configurable === false) return;
    let provider = state.metrics;
    const isWatched = Reflect.defineProperty(state, 'metrics', {
      configurable: true,
      enumerable: true,
      get: () => provider,
      set: (value: MeterProvider | undefined) => {
        provider = value;
        if (typeof value?.getMeter === 'function') this.#tell(value);
      },
    });
    if (isWatched) this.#watched = state;
  }

  #tell(provider: MeterProvider): void {
    if (provider === this.#seen) return;
    this.#seen = provider;
    this.#onProvider(provider);
  }

  #makeOrdinary(target: object, key: PropertyKey, value: unknown): void {
    // Absent again, and not `undefined`, where there was nothing.
    if (value === undefined) Reflect.deleteProperty(target, key);
    else Reflect.defineProperty(target, key, { configurable: true, enumerable: true, writable: true, value });
  }
}

function hasSetter(state: ApiState): boolean {
  return Object.getOwnPropertyDescriptor(state, 'metrics')?.set !== undefined;
}
