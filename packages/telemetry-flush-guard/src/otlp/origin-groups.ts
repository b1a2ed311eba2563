import type { Origin } from '../items/item-codec.js';
import type { ResourceLike, ScopeLike } from '../items/otel-types.js';

/** An item as it was written, and where it is from. */
export interface WrittenItem {
  readonly origin: Origin;
  readonly bytes: Uint8Array;
}

/** What one scope has in a request. */
export interface ScopeGroup {
  /** That of the first item. */
  readonly scope: ScopeLike;
  readonly parts: Uint8Array[];
  /** Of all the parts. */
  bytes: number;
}

export interface ResourceGroup {
  readonly resource: ResourceLike;
  readonly scopes: ScopeGroup[];
}

/**
 * Items by resource and scope, each in the order of its first item.
 *
 * @param sameScope what scopes have in common that are one scope of a request: themselves, mostly
 */
export function groupsOf(
  items: readonly WrittenItem[],
  sameScope: (scope: ScopeLike) => unknown,
): ResourceGroup[] {
  const resources = new Map<ResourceLike, { group: ResourceGroup; scopes: Map<unknown, ScopeGroup> }>();
  let last: { resource: ResourceLike; scope: ScopeLike; group: ScopeGroup } | undefined;
  for (const { origin, bytes } of items) {
    const { resource, scope } = origin;
    // Nearly always the same as of the item before.
    if (last?.resource !== resource || last.scope !== scope) {
      let ofResource = resources.get(resource);
      if (ofResource === undefined) {
        ofResource = { group: { resource, scopes: [] }, scopes: new Map() };
        resources.set(resource, ofResource);
      }
      const key = sameScope(scope);
      let group = ofResource.scopes.get(key);
      if (group === undefined) {
        group = { scope, parts: [], bytes: 0 };
        ofResource.scopes.set(key, group);
        ofResource.group.scopes.push(group);
      }
      last = { resource, scope, group };
    }
    last.group.parts.push(bytes);
    last.group.bytes += bytes.length;
  }
  return Array.from(resources.values(), ({ group }) => group);
}

export function itself(scope: ScopeLike): ScopeLike {
  return scope;
}
