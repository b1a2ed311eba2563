import { setImmediate as nextTurn } from 'node:timers/promises';

const text = JSON.stringify(
  Array.from({ length: 300 }, (_, index) => ({
    id: index,
    name: `item ${index}`,
    weight: (index * 7919) % 300,
  })),
);

/** Results that are kept for a while: about 10 MB, and always the oldest one is let go of. */
const KEPT = 64;

/**
 * Work that is hard on the collector: parses, copies, sorts and indexes 300 records, and keeps one result in eight
 * until 64 later ones are there. Flat out that is some fifty scavenges and half a dozen major collections a second.
 */
export class AllocatingWork {
  readonly #kept: unknown[] = [];
  #units = 0;

  unit(): void {
    const records = JSON.parse(text) as { name: string; weight: number }[];
    const derived = records.map(record => ({
      ...record,
      label: `${record.name} of ${record.weight}`,
      half: record.weight / 2,
    }));
    derived.sort((a, b) => a.weight - b.weight);
    const byLabel = new Map(derived.map(record => [record.label, record]));
    this.#units += 1;
    if (this.#units % 8 === 0) this.#kept[(this.#units / 8) % KEPT] = byLabel;
  }

  /** So many units, with a turn of the event loop after each, as between the requests of a service. */
  async units(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      this.unit();
      await nextTurn();
    }
  }

  /** The same for so long. Returns the number of units. */
  async during(millis: number): Promise<number> {
    const endMillis = performance.now() + millis;
    let count = 0;
    while (performance.now() < endMillis) {
      this.unit();
      await nextTurn();
      count += 1;
    }
    return count;
  }
}
