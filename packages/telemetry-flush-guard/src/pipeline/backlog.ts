import type { Place } from '../spool/lane-spool.js';
import { NumberRanges } from '../spool/number-ranges.js';
import type { Segment } from '../spool/segment.js';

/** A segment to be read back, and which of its items are asked for. */
export interface WaitingSegment {
  readonly segment: Segment;
  readonly isWanted: (number: number) => boolean;
  /** It cannot be read now, but may be later: it waits again, behind the others. */
  readonly putBack: () => void;
}

/** What waits on disk and not in memory: items that there was no room for, and what dead processes have left. */
export class Backlog {
  readonly #own = new Map<Segment, NumberRanges>();
  #isOwnUnreadable = false;
  /** Of the dead, not yet read; oldest first. */
  readonly #unread: Segment[] = [];
  /** Of the dead, not yet done with, read or not. */
  readonly #heirlooms = new Set<Segment>();

  get isEmpty(): boolean {
    return this.#own.size === 0 && this.#unread.length === 0;
  }

  /** Items. */
  get size(): number {
    const own = [...this.#own.values()].reduce((sum, { size }) => sum + size, 0);
    return this.#unread.reduce((sum, { pending }) => sum + pending, own);
  }

  get heirlooms(): ReadonlySet<Segment> {
    return this.#heirlooms;
  }

  get oldestUnread(): Segment | undefined {
    return this.#unread[0];
  }

  /** An item stays where it is: an own one, or one of a segment of the dead that was read in part. */
  leave({ segment, number }: Place): void {
    let numbers = this.#own.get(segment);
    if (numbers === undefined) this.#own.set(segment, (numbers = new NumberRanges()));
    numbers.add(number, 1);
  }

  inherit(segment: Segment): void {
    this.#unread.push(segment);
    this.#heirlooms.add(segment);
  }

  /** What is to be read next: own items first, then those of the dead; after own ones that could not be read, those of the dead first. */
  take(): WaitingSegment | undefined {
    const [own] = this.#own;
    const isTurnOfOthers = this.#isOwnUnreadable && this.#unread.length > 0;
    this.#isOwnUnreadable = false;
    if (own !== undefined && !isTurnOfOthers) {
      const [segment, numbers] = own;
      this.#own.delete(segment);
      return {
        segment,
        isWanted: number => numbers.has(number),
        putBack: () => {
          this.#own.set(segment, numbers);
          this.#isOwnUnreadable = true;
        },
      };
    }
    const segment = this.#unread.shift();
    const putBack = (): void => {
      if (segment !== undefined) this.#unread.push(segment);
    };
    return segment && { segment, isWanted: () => true, putBack };
  }

  /** A segment has been given up. Returns how many own items waited there. */
  forget(segment: Segment): number {
    const waiting = this.#own.get(segment)?.size ?? 0;
    this.#own.delete(segment);
    this.#heirlooms.delete(segment);
    const index = this.#unread.indexOf(segment);
    if (index >= 0) this.#unread.splice(index, 1);
    return waiting;
  }

  /** @returns whether the segment was left by the dead and is done with, once */
  finish(segment: Segment): boolean {
    return segment.isDone && this.#heirlooms.delete(segment);
  }
}
