import type { MeterProvider } from '@opentelemetry/api';
import type { Attachment, AttachmentOptions } from './attachment.js';
import type { ProviderWatch } from './provider-watch.js';
import { whenSettled } from './settling.js';
import type { Cancel, Timers } from './settling.js';

/** What a {@link Registration} works with. */
export interface RegistrationOptions extends AttachmentOptions {
  readonly timers: Timers;
  /** Whether a metrics SDK was loaded by somebody. */
  readonly sdkIsLoaded: () => boolean;
  /** Loads the instrumentations, some 30 ms that no short script should pay. */
  readonly loadAttachment: () => { readonly Attachment: new (options: AttachmentOptions) => Attachment };
}

/** After the application has registered a provider: its start goes first. */
export const JOIN_MILLIS = 250;
/** How long the application has for registering one before our own is set up. */
export const GRACE_MILLIS = 1_000;
/** The same, once it has loaded an SDK: it may have to fetch its configuration first. */
export const GRACE_WITH_SDK_MILLIS = 10_000;
/** Time between two looks for a registration that went unnoticed. */
export const LOOK_MILLIS = 5_000;

/** Decides when to join which provider, and when to set up our own. */
export class Registration {
  readonly #with: RegistrationOptions;
  #attachment: Attachment | undefined;
  #cancel: Cancel = () => {};

  constructor(options: RegistrationOptions) {
    this.#with = options;
  }

  start(watch: ProviderWatch): void {
    this.#settle(GRACE_MILLIS, () => {
      if (watch.current === undefined && this.#with.sdkIsLoaded()) {
        this.#settle(GRACE_WITH_SDK_MILLIS - GRACE_MILLIS, this.#setUpOwn(watch));
      } else this.#setUpOwn(watch)();
    });
    watch.start();
    const look = (): void => {
      this.#with.timers.later(LOOK_MILLIS, () => {
        guarded(() => {
          watch.look();
        });
        look();
      });
    };
    look();
  }

  /** Called inside the application's own registration. */
  readonly onProvider = (provider: MeterProvider): void => {
    this.#settle(JOIN_MILLIS, () => {
      this.#attach().join(provider);
    });
  };

  #setUpOwn(watch: ProviderWatch): () => void {
    return () => {
      watch.look();
      if (watch.current === undefined && this.#with.isMainThread) this.#attach().setUpOwn();
    };
  }

  #attach(): Attachment {
    this.#attachment ??= new (this.#with.loadAttachment().Attachment)(this.#with);
    return this.#attachment;
  }

  /** One thing is planned at a time: a provider that comes makes everything that was planned before pointless. */
  #settle(delayMillis: number, run: () => void): void {
    this.#cancel();
    this.#cancel = whenSettled(
      delayMillis,
      () => {
        guarded(run);
      },
      this.#with.timers,
    );
  }
}

function guarded(run: () => void): void {
  try {
    run();
  } catch {
    // In a timer of ours this would end the application.
  }
}
