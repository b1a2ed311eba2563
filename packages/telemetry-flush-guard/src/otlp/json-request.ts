import { groupsOf } from './origin-groups.js';
import type { ResourceGroup, ScopeGroup, WrittenItem } from './origin-groups.js';
import { OriginParts } from './origin-parts.js';
import type { OriginPart } from './origin-parts.js';
import { fragmentOf } from './byte-writer.js';
import { closeObject } from './json-span.js';
import { writeAttributes } from './json-values.js';
import { JsonWriter } from './json-writer.js';
import type { AttributesLike, ScopeLike } from '../items/otel-types.js';

/** Names of the lists in a request: `resourceSpans`, `scopeSpans`, `spans`. */
export interface ListNames {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
}

/** Requests of one signal. */
export class JsonRequests {
  readonly #sameScope: (scope: ScopeLike) => unknown;
  readonly #origins: OriginParts;
  readonly #head: Uint8Array;

  /** @param sameScope what scopes have in common that are one scope of a request */
  constructor(names: ListNames, sameScope: (scope: ScopeLike) => unknown) {
    this.#sameScope = sameScope;
    this.#head = Buffer.from(`{"${names.resources}":[`);
    this.#origins = new OriginParts(
      (attributes, schemaUrl) => resourcePart(names.scopes, attributes, schemaUrl),
      scope => scopePart(names.items, scope),
    );
  }

  /**
   * A whole request.
   *
   * @throws if a resource or scope cannot be written
   */
  write(items: readonly WrittenItem[]): Uint8Array {
    const pieces: Uint8Array[] = [this.#head];
    for (const [index, group] of groupsOf(items, this.#sameScope).entries()) {
      if (index > 0) pieces.push(COMMA);
      this.#resource(pieces, group);
    }
    pieces.push(END);
    return joined(pieces);
  }

  #resource(pieces: Uint8Array[], { resource, scopes }: ResourceGroup): void {
    const { head, tail } = this.#origins.resource(resource);
    pieces.push(head);
    for (const [index, group] of scopes.entries()) {
      if (index > 0) pieces.push(COMMA);
      this.#scope(pieces, group);
    }
    pieces.push(tail);
  }

  #scope(pieces: Uint8Array[], { scope, parts }: ScopeGroup): void {
    const { head, tail } = this.#origins.scope(scope);
    pieces.push(head);
    for (const [index, part] of parts.entries()) {
      if (index > 0) pieces.push(COMMA);
      pieces.push(part);
    }
    pieces.push(tail);
  }
}

const COMMA = Buffer.from(',');
const END = Buffer.from(']}');
const CLOSE = 0x7d;

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const request = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    // One byte is put faster than a call is made.
    if (piece === COMMA) request[at] = COMMA_BYTE;
    else request.set(piece, at);
    at += piece.length;
  }
  return request;
}

const COMMA_BYTE = 0x2c;

const NAME = fragmentOf(',"name":');
const VERSION = fragmentOf(',"version":');
const ATTRIBUTES = fragmentOf(',"attributes":');
const DROPPED_ATTRIBUTES = fragmentOf(',"droppedAttributesCount":');
const SCHEMA_URL = fragmentOf(',"schemaUrl":');

function resourcePart(list: string, attributes: AttributesLike, schemaUrl: string | undefined): OriginPart {
  // Unlike that of a scope, an empty one is none.
  const url = schemaUrl === '' ? undefined : schemaUrl;
  return originPart(`{"resource":`, list, url, writer => {
    writer.fragment(ATTRIBUTES);
    writeAttributes(writer, attributes);
    writer.numberField(DROPPED_ATTRIBUTES, 0);
    writer.textField(SCHEMA_URL, url);
  });
}

function scopePart(list: string, scope: ScopeLike): OriginPart {
  const { name, version, schemaUrl, attributes, droppedAttributesCount } = scope;
  return originPart(`{"scope":`, list, schemaUrl, writer => {
    writer.textField(NAME, name);
    writer.textField(VERSION, version);
    if (attributes && Object.keys(attributes).length > 0) {
      writer.fragment(ATTRIBUTES);
      writeAttributes(writer, attributes);
      writer.numberField(DROPPED_ATTRIBUTES, droppedAttributesCount ?? 0);
    }
  });
}

function originPart(
  head: string,
  list: string,
  schemaUrl: string | undefined,
  write: (writer: JsonWriter) => void,
): OriginPart {
  const writer = new JsonWriter();
  writer.ascii(head);
  const start = writer.position;
  write(writer);
  closeObject(writer, start);
  writer.ascii(`,"${list}":[`);
  const bytes = writer.written(0).slice();
  writer.reset(0);
  writer.ascii(']');
  writer.textField(SCHEMA_URL, schemaUrl);
  writer.byte(CLOSE);
  return { head: bytes, tail: writer.written(0).slice() };
}
