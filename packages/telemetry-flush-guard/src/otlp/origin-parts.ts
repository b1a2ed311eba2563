import { WrittenResource, encodeResource } from '../items/origins.js';
import type { AttributesLike, ResourceLike, ScopeLike } from '../items/otel-types.js';

/** What stands before all that is of a resource or scope in a request, and after it. */
export interface OriginPart {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** Resources and scopes as one format writes them: each once, as far as it will not change. */
export class OriginParts {
  readonly #resources = new WeakMap<ResourceLike, OriginPart>();
  readonly #scopes = new WeakMap<ScopeLike, OriginPart>();
  readonly #writeResource: (attributes: AttributesLike, schemaUrl: string | undefined) => OriginPart;
  readonly #writeScope: (scope: ScopeLike) => OriginPart;

  constructor(
    writeResource: (attributes: AttributesLike, schemaUrl: string | undefined) => OriginPart,
    writeScope: (scope: ScopeLike) => OriginPart,
  ) {
    this.#writeResource = writeResource;
    this.#writeScope = writeScope;
  }

  /** With the attributes that are known by now. */
  resource(resource: ResourceLike): OriginPart {
    const kept = this.#resources.get(resource);
    if (kept !== undefined) return kept;
    if (resource.asyncAttributesPending === true) {
      const { attributes, schemaUrl } = new WrittenResource(encodeResource(resource));
      return this.#writeResource(attributes, schemaUrl);
    }
    const part = this.#writeResource(resource.attributes, resource.schemaUrl);
    this.#resources.set(resource, part);
    return part;
  }

  scope(scope: ScopeLike): OriginPart {
    let part = this.#scopes.get(scope);
    if (part === undefined) this.#scopes.set(scope, (part = this.#writeScope(scope)));
    return part;
  }
}
