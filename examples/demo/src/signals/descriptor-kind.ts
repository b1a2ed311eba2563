import { KIND_LABEL, OPEN_BY_KIND } from '../metric-names.js';
import { percent, whole } from '../number-format.js';
import { kindGrowth, topOf } from '../run/descriptor-kinds.js';
import type { Signal } from './signal.js';

/** Share of the growth that has to be of the right kind; nothing else grows in this service. */
const LEAST_SHARE = 0.9;

/** That what has become more is of the kind that was leaked. */
export function descriptorKind(kind: string): Signal {
  return {
    platforms: 'linux',
    title: 'the kinds of descriptors',
    moves: ({ healthy, fault }) => {
      const top = topOf(kindGrowth(healthy.rest.scrape, fault.rest.scrape));
      const subject = `${OPEN_BY_KIND}{${KIND_LABEL}="${kind}"}`;
      if (top === undefined) return { holds: false, subject, finding: 'no kind has become more' };
      return {
        holds: top.kind === kind && top.share >= LEAST_SHARE,
        subject,
        finding: `${percent(top.share)} of what came on top is of kind ${top.kind} (${whole(top.count)} more)`,
      };
    },
  };
}
