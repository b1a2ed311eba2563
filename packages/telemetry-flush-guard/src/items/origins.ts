import { decodeAttributes, encodeAttributes } from './values.js';
import type { Origin } from './item-codec.js';
import type { AttributesLike, ResourceLike, ScopeLike } from './otel-types.js';

// Where items come from: resources and scopes. Many items share few of them, so each is written once a segment, and items refer to
// it by a number.

/**
 * The origin of an item.
 *
 * @param item what to call it: `span`
 * @throws TypeError if it has none
 */
export function originIn(
  item: string,
  resource: ResourceLike | null | undefined,
  scope: ScopeLike | null | undefined,
): Origin {
  if (resource === undefined || resource === null) throw new TypeError(`a ${item} has no resource`);
  if (scope === undefined || scope === null) throw new TypeError(`a ${item} has no instrumentation scope`);
  return { resource, scope };
}

/** A resource, as text that is equal if and only if its contents are. */
export function encodeResource(resource: ResourceLike): string {
  return JSON.stringify([resource.schemaUrl ?? null, encodeAttributes(knownAttributes(resource))]);
}

/** What a resource knows by now. One that is still looking something up complains, as an error, of being asked for its attributes. */
function knownAttributes(resource: ResourceLike): AttributesLike {
  if (resource.asyncAttributesPending !== true || resource.getRawAttributes === undefined)
    return resource.attributes;
  const known: Record<string, unknown> = {};
  for (const [name, value] of resource.getRawAttributes()) {
    if (value !== undefined && value !== null && !isPromise(value)) known[name] ??= value;
  }
  return known;
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown }).then === 'function';
}

/** A scope, as text that is equal if and only if its contents are. */
export function encodeScope(scope: ScopeLike): string {
  const { name, version, schemaUrl, attributes, droppedAttributesCount } = scope;
  return JSON.stringify([
    name,
    version ?? null,
    schemaUrl ?? null,
    attributes === undefined ? null : encodeAttributes(attributes),
    droppedAttributesCount ?? null,
  ]);
}

/** A resource as exporters of SDK 1.x, 2.x and 3.x read it. */
export class WrittenResource implements ResourceLike {
  readonly attributes: Record<string, unknown>;
  readonly schemaUrl: string | undefined;
  readonly asyncAttributesPending = false;

  constructor(text: string) {
    const [schemaUrl, attributes] = JSON.parse(text) as [string | null, unknown];
    this.attributes = decodeAttributes(attributes);
    this.schemaUrl = schemaUrl ?? undefined;
  }

  waitForAsyncAttributes(): Promise<void> {
    return Promise.resolve();
  }

  /** Nobody merges the resource of an item that is being exported. */
  merge(): this {
    return this;
  }

  getRawAttributes(): [string, unknown][] {
    return Object.entries(this.attributes);
  }
}

export function decodeScope(text: string): ScopeLike {
  const [name, version, schemaUrl, attributes, dropped] = JSON.parse(text) as [
    string,
    string | null,
    string | null,
    unknown,
    number | null,
  ];
  return {
    name,
    version: version ?? undefined,
    schemaUrl: schemaUrl ?? undefined,
    ...(attributes === null ? {} : { attributes: decodeAttributes(attributes) }),
    ...(dropped === null ? {} : { droppedAttributesCount: dropped }),
  };
}

/** Resources, and scopes, that are kept to be shared: far more than a process ever has of its own. */
const MOST_KEPT = 1_000;

/**
 * Resources and scopes by their text. Exporters of OTLP group by the object, not by what it says, so what says the same has to be the
 * same object: for all items that are read, from whatever segment. Every process that was
 * ever taken over from brings a resource of its own, so the oldest are forgotten; two objects that say the same only make a request longer.
 */
export class Origins {
  readonly #resources = new Map<string, WrittenResource>();
  readonly #scopes = new Map<string, ScopeLike>();

  resource(text: string): WrittenResource {
    let resource = this.#resources.get(text);
    if (resource === undefined) keep(this.#resources, text, (resource = new WrittenResource(text)));
    return resource;
  }

  scope(text: string): ScopeLike {
    let scope = this.#scopes.get(text);
    if (scope === undefined) keep(this.#scopes, text, (scope = decodeScope(text)));
    return scope;
  }
}

function keep<Kept>(all: Map<string, Kept>, text: string, one: Kept): void {
  all.set(text, one);
  if (all.size <= MOST_KEPT) return;
  for (const oldest of all.keys()) {
    all.delete(oldest);
    return;
  }
}
