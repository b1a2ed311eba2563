import { expect } from 'chai';
import { MemoryQueue } from '../../src/pipeline/memory-queue.js';
import type { Entry } from '../../src/pipeline/entry.js';

const entry = (item: string, bytes = 10): Entry<string> => ({
  item,
  bytes,
  payload: undefined,
  place: undefined,
});
const itemsOf = (entries: readonly Entry<string>[]): string[] => entries.map(({ item }) => item);

function queueOf(live: readonly string[], restored: readonly string[]): MemoryQueue<string> {
  const queue = new MemoryQueue<string>(100, 1_000);
  for (const item of live) queue.push(entry(item));
  for (const item of restored) queue.pushRestored(entry(item));
  return queue;
}

describe('the queue in memory', () => {
  it('hands out what has come before what was read back', () => {
    const queue = queueOf(['a', 'b'], ['x', 'y']);
    expect(itemsOf(queue.takeOff(10, Infinity))).to.deep.equal(['a', 'b']);
    expect(queue.isInFlightRestored).to.equal(false);
    queue.landed();
    expect(itemsOf(queue.takeOff(1, Infinity))).to.deep.equal(['x']);
    expect(queue.isInFlightRestored).to.equal(true);
    queue.putLast();
    expect(itemsOf(queue.takeOff(10, Infinity))).to.deep.equal(['y', 'x']);
    queue.putBack();
    expect(itemsOf(queue.all)).to.deep.equal(['y', 'x']);
  });

  it('gives room one by one, what was read back first, and nothing goes unseen', () => {
    const queue = queueOf(['a', 'b'], ['x']);
    const given: (string | undefined)[] = [];
    while (queue.length > 0) {
      const { length } = queue;
      given.push(queue.takeForRoom()?.item);
      expect(queue.length).to.equal(length - 1);
    }
    expect(given).to.deep.equal(['x', 'a', 'b']);
    expect(queue.takeForRoom()).to.equal(undefined);
  });

  it('hands out no more bytes than that, but one at least, and of one group', () => {
    const queue = queueOf(['a1', 'a2', 'a3', 'b1'], []);
    const groupOf = (item: string): string => item.charAt(0);
    expect(itemsOf(queue.takeOff(10, 5))).to.deep.equal(['a1']);
    queue.landed();
    expect(itemsOf(queue.takeOff(10, Infinity, groupOf))).to.deep.equal(['a2', 'a3']);
    queue.landed();
    expect(itemsOf(queue.takeOff(10, Infinity, groupOf))).to.deep.equal(['b1']);
    expect(queue.hasRoomFor(1_000)).to.equal(true);
    expect(queue.hasRoomFor(1_001)).to.equal(false);
  });
});
