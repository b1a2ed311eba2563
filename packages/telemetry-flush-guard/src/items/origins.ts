import { decodeAttributes, encodeAttributes } from './values.js';
import type { ResourceLike, ScopeLike } from './otel-types.js';

// Where items come from: resources and scopes. Many items share few of them, so each is written once a segment, and items refer to
// it by a number.

/** A resource, as text that is equal if and only if its contents are. */
export function encodeResource({ attributes, schemaUrl }: ResourceLike): string {
  return JSON.stringify([schemaUrl ?? null, encodeAttributes(attributes)]);
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

/**
 * Resources and scopes by their text. Exporters of OTLP group by the object, not by what it says, so what says the same has to be the
 * same object: for all items that are read, from whatever segment.
 */
export class Origins {
  readonly #resources = new Map<string, WrittenResource>();
  readonly #scopes = new Map<string, ScopeLike>();

  resource(text: string): WrittenResource {
    let resource = this.#resources.get(text);
    if (resource === undefined) this.#resources.set(text, (resource = new WrittenResource(text)));
    return resource;
  }

  scope(text: string): ScopeLike {
    let scope = this.#scopes.get(text);
    if (scope === undefined) this.#scopes.set(text, (scope = decodeScope(text)));
    return scope;
  }
}
