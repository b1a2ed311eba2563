export { HeldFile } from './held-file.js';
export { parseOpenFilesLimit } from './proc-limits.js';
export type { ResourceLimit } from './proc-limits.js';
export { parseProcessMemory } from './proc-status.js';
export type { ProcessMemory } from './proc-status.js';
