import { AppendFile } from './append-file.js';
import type { FileSystem } from './file-system.js';
import { FrameWriter, RecordType } from './frame.js';
import { encodeResource, encodeScope } from '../items/origins.js';
import type { Origin } from '../items/item-codec.js';
import { ItemFormat } from '../items/item-form.js';
import type { Payload } from '../items/item-form.js';
import type { ResourceLike, ScopeLike } from '../items/otel-types.js';
import { SCHEMA, spanText } from './segment-reader.js';
import type { SegmentSpan } from './segment-reader.js';

// All writers of a process share them: they write one after the other. Records of resources come while items are gathered.
const frames = new FrameWriter();
const gathered = new FrameWriter();

/** An item as it is written. */
export interface WritableItem {
  readonly payload: Payload;
  readonly origin: Origin;
}

/** A resource or scope that this segment has. */
interface Known {
  readonly number: number;
  /** What was written of it last. */
  text: string;
}

/** A segment that is being written. Resources and scopes are written before the first item that has them. */
export class SegmentWriter {
  readonly path: string;
  readonly #file: AppendFile;
  readonly #format: ItemFormat;
  // By the object, which costs a look-up an item, and by what it says, as equal ones may be different objects.
  readonly #resources = new Map<ResourceLike, Known>();
  readonly #scopes = new Map<ScopeLike, Known>();
  readonly #resourceTexts = new Map<string, Known>();
  readonly #scopeTexts = new Map<string, Known>();
  #written = 0;
  /** Of the item before, which most of the time has the same origin as the next. */
  #latest:
    { readonly resource: ResourceLike; readonly scope: ScopeLike; readonly prefix: string } | undefined;

  /**
   * @param first the number that its first item will have
   * @param span from when to when, at the latest, it is written to
   * @param format of its items
   * @throws what the file system throws; a file that could be made but not written is removed
   */
  constructor(
    files: FileSystem,
    path: string,
    first: number,
    span: SegmentSpan,
    format: ItemFormat = ItemFormat.item,
  ) {
    this.path = path;
    this.#format = format;
    this.#file = new AppendFile(files, path, true);
    try {
      this.#file.append(frames.frame(RecordType.header, SCHEMA, first, spanText(span)));
    } catch (thrown) {
      this.#file.close();
      files.unlinkSync(path);
      throw thrown;
    }
  }

  get bytes(): number {
    return this.#file.bytes;
  }

  /** Items in it. */
  get items(): number {
    return this.#written;
  }

  /** @throws what the file system throws: then nothing of the item is there */
  append(number: number, payload: Payload, origin: Origin): void {
    const prefix = this.#prefixOf(origin);
    this.#file.append(frames.frame(RecordType.item, this.#format, number, payload, prefix));
    this.#written += 1;
  }

  /**
   * Writes the first of the items with one call: as many as go into the segment.
   *
   * @param first the number of the first
   * @returns how many
   * @throws what the file system throws: then none of them is there
   */
  appendFirst(first: number, items: readonly WritableItem[], segmentBytes: number): number {
    const most = segmentBytes - this.bytes;
    let count = 0;
    // What was gathered in vain before, as its resource could not be written, is not to come with these.
    gathered.take();
    for (const { payload, origin } of items) {
      if (gathered.bytes >= most) break;
      const prefix = this.#prefixOf(origin);
      gathered.add(RecordType.item, this.#format, first + count, payload, prefix);
      count += 1;
    }
    this.#file.append(gathered.take());
    this.#written += count;
    return count;
  }

  /** Writes resources again whose attributes have all become known by now. */
  refreshResources(): void {
    for (const [resource, known] of this.#resources) {
      const text = textOf(resource);
      if (text === known.text) continue;
      this.#writeTwice(RecordType.resource, known.number, text);
      known.text = text;
    }
  }

  close(): void {
    this.#file.close();
  }

  /** Its resource and scope are written first, if the segment does not have them. */
  #prefixOf({ resource, scope }: Origin): string {
    if (resource === this.#latest?.resource && scope === this.#latest.scope) return this.#latest.prefix;
    const prefix = `${this.#numberOfResource(resource)}:${this.#numberOfScope(scope)}:`;
    this.#latest = { resource, scope, prefix };
    return prefix;
  }

  #numberOfResource(resource: ResourceLike): number {
    return (this.#resources.get(resource) ?? this.#writeResource(resource)).number;
  }

  #numberOfScope(scope: ScopeLike): number {
    return (this.#scopes.get(scope) ?? this.#writeScope(scope)).number;
  }

  #writeResource(resource: ResourceLike): Known {
    const text = textOf(resource);
    // One that does not yet know all about itself may come to differ from another that says the same now.
    const isSettled = resource.asyncAttributesPending !== true;
    let known = isSettled ? this.#resourceTexts.get(text) : undefined;
    if (known === undefined) {
      known = { number: this.#resources.size + 1, text };
      this.#writeTwice(RecordType.resource, known.number, text);
      if (isSettled) this.#resourceTexts.set(text, known);
    }
    this.#resources.set(resource, known);
    return known;
  }

  #writeScope(scope: ScopeLike): Known {
    const text = encodeScope(scope);
    let known = this.#scopeTexts.get(text);
    if (known === undefined) {
      known = { number: this.#scopes.size + 1, text };
      this.#writeTwice(RecordType.scope, known.number, text);
      this.#scopeTexts.set(text, known);
    }
    this.#scopes.set(scope, known);
    return known;
  }

  #writeTwice(type: RecordType, number: number, text: string): void {
    const record = frames.frame(type, 0, number, text);
    this.#file.append(record);
    this.#file.append(record);
  }
}

/** One that has come to know something that cannot be written is written as one without attributes. */
function textOf(resource: ResourceLike): string {
  try {
    return encodeResource(resource);
  } catch {
    return encodeResource({ attributes: {} });
  }
}
