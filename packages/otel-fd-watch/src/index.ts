export { FdWatchInstrumentation } from './fd-watch-instrumentation.js';
export type { FdWatchOptions } from './options.js';
export type { ConnectionState } from './connection-states.js';
export type { FdKind } from './descriptor-kind.js';
export type { FdPressure } from './descriptor-pressure.js';
export type { FdSnapshot } from './snapshot.js';
