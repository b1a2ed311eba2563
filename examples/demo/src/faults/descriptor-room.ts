import type { Machine } from '../run/machine.js';
import type { Room } from './fault.js';

/** Share of the descriptor limit that a leak may use, in the service and, for sockets, at the parent's end too. */
const LIMIT_SHARE = 0.7;

/** Descriptors of a Node process under this load, rounded up. */
const ORDINARY_DESCRIPTORS = 60;

/** How many descriptors can be leaked. */
export function descriptorRoom({ descriptorLimit }: Machine): Room {
  return {
    faultyRequests: LIMIT_SHARE * descriptorLimit - ORDINARY_DESCRIPTORS,
    limitedBy: `the limit of ${descriptorLimit} open descriptors`,
    remedy: 'raise it (ulimit -n)',
  };
}
