import { bytesPerMinute, count, perMinute } from '../../src/page/number-words.js';
import type { PageData } from '../../src/page/page-data.js';
import { add, fillBar, say, setAttribute } from './elements.js';
import { clockTime } from './time-chart.js';

/** Descriptors by kind, as labelled bars. */
export class KindBars {
  readonly #note: HTMLElement;
  readonly #list: HTMLElement;
  readonly #rows = new Map<string, { readonly fill: HTMLElement; readonly value: HTMLElement }>();

  constructor(parent: Element) {
    const card = titled(parent, 'Descriptors by kind', 'kinds');
    this.#note = add(card, 'p', 'muted');
    this.#list = add(card, 'dl', 'rows');
  }

  show({ fd }: PageData): void {
    const kinds = fd?.byKind ?? null;
    say(this.#note, kinds === null ? noKinds(fd) : scanned(fd));
    this.#list.hidden = kinds === null;
    if (kinds === null) return;
    const entries = Object.entries(kinds);
    const most = Math.max(1, ...entries.map(([, number]) => number));
    for (const [kind, number] of entries) {
      let row = this.#rows.get(kind);
      if (row === undefined) {
        add(this.#list, 'dt', '', kind);
        const value = add(this.#list, 'dd');
        const bar = add(value, 'span', 'bar');
        setAttribute(bar, 'aria-hidden', 'true');
        row = { fill: add(bar, 'i'), value: add(value, 'b') };
        this.#rows.set(kind, row);
      }
      fillBar(row.fill, number / most);
      say(row.value, count(number));
    }
  }
}

const SIGNALS = {
  rss: 'Resident set (RSS)',
  heap_live: 'Live heap',
  external: 'External memory',
  native: 'Outside of V8',
} as const;

/** How fast each kind of memory, and the number of descriptors, grows. */
export class GrowthCard {
  readonly #values: ReadonlyMap<string, HTMLElement>;

  constructor(parent: Element) {
    const card = titled(parent, 'Growth', 'growth');
    add(card, 'p', 'muted', 'Robust slope over the trend window, a minute.');
    const list = add(card, 'dl', 'facts');
    this.#values = new Map(
      Object.entries({ ...SIGNALS, descriptors: 'Descriptors' }).map(([name, label]) => {
        add(list, 'dt', '', label);
        return [name, add(list, 'dd')];
      }),
    );
  }

  show({ memory, fd }: PageData): void {
    for (const [name, element] of this.#values) {
      const isMemory = name in SIGNALS;
      const slope = isMemory ? memory?.growthPerSecond[name as keyof typeof SIGNALS] : fd?.growthPerSecond;
      const watched = isMemory ? memory !== null : fd !== null;
      const none = watched ? 'not known yet' : 'not watched';
      say(element, slope == null ? none : (isMemory ? bytesPerMinute : perMinute)(slope));
    }
  }
}

function titled(parent: Element, title: string, id: string): HTMLElement {
  const card = add(parent, 'section', 'card');
  add(card, 'h2', '', title).id = id;
  card.setAttribute('aria-labelledby', id);
  return card;
}

function noKinds(fd: PageData['fd']): string {
  if (fd === null) return 'Not known here: descriptors are not watched.';
  if (fd.takenAtMillis === null) return 'No sample yet.';
  return fd.open === null
    ? 'Not known here: they cannot be listed on this platform.'
    : 'Not known yet: no scan so far.';
}

function scanned(fd: PageData['fd']): string {
  const when = fd?.byKindTakenAtMillis == null ? '' : `As of ${clockTime(fd.byKindTakenAtMillis)}`;
  return fd?.byKindSampled === true ? `${when}, estimated from an even sample.` : `${when}.`;
}
