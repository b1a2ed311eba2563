import { createRequire } from 'node:module';
import type * as AttachmentModule from './attachment.js';
import type { Environment } from './environment.js';
import { flagOf } from './environment.js';
import { isLauncher } from './launchers.js';
import { stderrNotices } from './notices.js';
import { ProviderWatch } from './provider-watch.js';
import type { ApiHolder } from './provider-watch.js';
import { processTimers } from './settling.js';
import { Registration } from './registration.js';

/** One registration per isolate, however many copies and flags ask for it. */
const BEGUN_KEY = Symbol.for('otel-node-vitals.register');

/**
 * Starts watching for the application's meter provider; everything else comes after the application has loaded. Never
 * throws.
 */
export function begin(environment: Environment = process.env): void {
  try {
    const holder = globalThis as ApiHolder & { [BEGUN_KEY]?: true };
    if (holder[BEGUN_KEY] === true) return;
    Object.defineProperty(holder, BEGUN_KEY, { value: true });
    const notices = stderrNotices(environment, text => {
      process.stderr.write(text);
    });
    if (!isWanted(environment, notices.warn)) return;
    // Joins in worker threads too, silently, and sets up nothing there: what is in the environment was said by the main
    // thread.
    const registration = new Registration({
      get isMainThread() {
        return isMainThread();
      },
      timers: processTimers,
      sdkIsLoaded,
      loadAttachment: () => load('./attachment.js') as typeof AttachmentModule,
      environment,
      notices: {
        warn(message) {
          if (isMainThread()) notices.warn(message);
        },
        inform(message) {
          if (isMainThread()) notices.inform(message);
        },
      },
      mainFile: process.argv[1],
    });
    const watch = new ProviderWatch(holder, registration.onProvider);
    registration.start(watch);
  } catch {
    // The application must start, whatever is wrong with us.
  }
}

// Synchronous, as import() would go through the loader hooks of the host.
const load = createRequire(__filename);

/** Asked only when something is to be done: loading that module takes 2 ms, which a short script should not pay. */
function isMainThread(): boolean {
  return process.getBuiltinModule('node:worker_threads').isMainThread;
}

function isWanted(environment: Environment, onProblem: (message: string) => void): boolean {
  if (flagOf(environment, 'OTEL_SDK_DISABLED', false, onProblem)) return false;
  if (!flagOf(environment, 'MONITORING_ENABLED', true, onProblem)) return false;
  return !isLauncher(process.argv[1], environment);
}

/**
 * An SDK among the paths of loaded CommonJS modules. Of NodeSDK 3.x as ES modules only what it patches with is there, which
 * is CommonJS in every version (`import '@opentelemetry/sdk-node'` 0.301.0 loads both).
 */
const SDK_FILE = /[\\/](?:@opentelemetry[\\/]sdk-(?:metrics|node)|(?:require|import)-in-the-middle)[\\/]/;

/** Whether the application has loaded an SDK, and so may be about to register a provider. */
function sdkIsLoaded(): boolean {
  return Object.keys(load.cache).some(path => SDK_FILE.test(path));
}
