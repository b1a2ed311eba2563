import type { ExporterLike, ExportResultLike } from '../../src/delivery/exporter.js';
import type { ItemCodec, Origin } from '../../src/items/item-codec.js';
import { exporterDeliverer } from '../../src/delivery/exporter-deliverer.js';
import { itemForm } from '../../src/items/item-form.js';
import { Origins } from '../../src/items/origins.js';
import { Adoption } from '../../src/pipeline/adoption.js';
import { GuardDisk } from '../../src/pipeline/guard-disk.js';
import { Lane } from '../../src/pipeline/lane.js';
import type { LaneOptions } from '../../src/pipeline/lane.js';
import type { Owner } from '../../src/spool/owner.js';
import type { DropReason } from '../../src/spool/outcome.js';
import type { FakeFileSystem } from '../spool/fake-file-system.js';

/** An item that is its own text. */
export interface Word {
  readonly text: string;
  /** Default: the same for all. */
  readonly from?: Origin;
}

const origin: Origin = { resource: { attributes: { a: 1 } }, scope: { name: 's' } };

export const wordCodec: ItemCodec<Word> = {
  signal: 'span',
  originOf: ({ from = origin }) => from,
  encode({ text }) {
    if (text === 'cannot be written') throw new Error(text);
    return text;
  },
  decode: text => ({ text }),
};

/** An exporter that keeps what it is given, and does what it is told. */
export class FakeExporter implements ExporterLike<Word> {
  readonly received: string[] = [];
  attempts = 0;
  onReceived: (text: string) => void = () => {};
  /** What it answers instead of taking them; undefined: nothing. */
  judge: ((texts: readonly string[]) => ExportResultLike | undefined) | undefined;
  mood: 'takes' | 'fails' | 'never answers' | 'throws' | 'rejects' | 'answers twice' | 'answers nothing' =
    'takes';

  export(items: Word[], callback: (result: ExportResultLike) => void): unknown {
    this.attempts += 1;
    const answer = this.judge?.(items.map(({ text }) => text));
    if (answer !== undefined) {
      callback(answer);
      return undefined;
    }
    switch (this.mood) {
      case 'never answers':
        return undefined;
      case 'throws':
        throw new Error('thrown by the exporter');
      case 'rejects':
        return Promise.reject(new Error('rejected by the exporter'));
      case 'answers nothing':
        (callback as () => void)();
        return undefined;
      case 'fails':
        callback({ code: 1, error: new Error('refused') });
        return undefined;
      case 'takes':
      case 'answers twice':
        for (const { text } of items) {
          this.received.push(text);
          this.onReceived(text);
        }
        callback({ code: 0 });
        if (this.mood === 'answers twice') callback({ code: 1 });
        return undefined;
    }
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

const owner = (pid: number): Owner => ({
  pid,
  threadId: 0,
  startTime: `started-${pid}`,
  bootId: 'boot',
  pidNamespace: 'ns',
  hostname: 'host',
});

/** A process with one exporter, on a disk that it may share with others, dead or alive. */
export class MadeUpProcess {
  readonly files: FakeFileSystem;
  readonly exporter = new FakeExporter();
  readonly troubles: (string | undefined)[] = [];
  readonly drops: [count: number, reason: DropReason][] = [];
  readonly problems: string[] = [];
  readonly disk: GuardDisk;
  readonly lane: Lane<Word>;
  readonly #adoption: Adoption;

  /** @param living numbers of the other processes that live */
  constructor(
    files: FakeFileSystem,
    pid: number,
    {
      living = [],
      limitBytes = 1e9,
      ...options
    }: { living?: number[]; limitBytes?: number } & Partial<LaneOptions> = {},
  ) {
    this.files = files;
    const view = {
      self: owner(pid),
      startTimeOf: (other: number) =>
        other === pid || living.includes(other) ? `started-${other}` : undefined,
    };
    this.disk = new GuardDisk({
      files,
      dir: '/spool',
      limitBytes,
      ...(options.overflow === undefined ? {} : { overflow: options.overflow }),
      view,
      uid: 0,
      onTrouble: trouble => this.troubles.push(trouble?.code),
    });
    this.lane = this.disk.addLane(
      'spans',
      disk =>
        new Lane('spans', itemForm(wordCodec), exporterDeliverer(this.exporter), disk, new Origins(), {
          memoryItems: 1_000,
          memoryBytes: 1e9,
          batchItems: 7,
          exportTimeoutMillis: 20,
          delayMillis: 1e6,
          writesAhead: true,
          onDrop: (count, reason) => this.drops.push([count, reason]),
          random: () => 0.5,
          ...options,
        }),
    );
    this.#adoption = new Adoption({
      files,
      view,
      disk: this.disk,
      laneOf: name => (name === 'spans' ? (this.lane as unknown as Lane<never>) : undefined),
      onProblem: (path, thrown) => this.problems.push(`${path}: ${String(thrown)}`),
    });
  }

  accept(...texts: string[]): void {
    for (const text of texts) this.lane.accept({ text });
  }

  /** @param nowMillis long after: whoever cannot be looked at is dead by its silence */
  adopt(nowMillis = 1e9): Promise<void> {
    return this.#adoption.run(nowMillis);
  }

  flush(): Promise<boolean> {
    return this.lane.flush(performance.now() + 5_000);
  }

  end(): void {
    this.lane.shutDown();
    this.lane.persist();
    this.disk.close();
  }

  /** `accepted + inherited − delivered − dropped − pending`: 0, or the accounts are wrong. */
  get missing(): number {
    const { accepted, inherited, delivered, dropped, pendingInMemory, pendingOnDisk } = this.lane.counts;
    const lost = Object.values(dropped).reduce((sum, count) => sum + count, 0);
    return accepted + inherited - delivered - lost - pendingInMemory - pendingOnDisk;
  }
}

export function words(count: number, prefix = 'word'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}
