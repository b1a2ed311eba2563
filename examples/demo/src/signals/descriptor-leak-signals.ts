import { descriptorCount } from './descriptor-count.js';
import { descriptorGrowth } from './descriptor-growth.js';
import { descriptorKind } from './descriptor-kind.js';
import { pressureWarning } from './pressure-warning.js';
import type { Signal } from './signal.js';
import { timeToLimit } from './time-to-limit.js';

/** What a leak of descriptors of one kind must move. */
export function descriptorLeakSignals(kind: string): Signal[] {
  return [descriptorCount, descriptorGrowth, descriptorKind(kind), timeToLimit, pressureWarning(kind)];
}
