import type { DashboardLink } from '@grafana/schema';
import type { Spelling } from '../catalogue/spelling.js';
import { addressOf } from './addresses.js';
import type { DashboardKind } from './addresses.js';
import type { Json } from './grafana/json.js';

/** The link at the top of a dashboard to the other one, with what is chosen. */
export function linkToOther(kind: DashboardKind, spelling: Spelling): Json<DashboardLink> {
  const [other, title] =
    kind === 'fleet' ? (['one-process', 'One process'] as const) : (['fleet', 'The fleet'] as const);
  return {
    type: 'link',
    title,
    tooltip: '',
    url: addressOf(other, spelling),
    icon: 'dashboard',
    includeVars: true,
    keepTime: true,
    targetBlank: false,
    asDropdown: false,
    tags: [],
  };
}
