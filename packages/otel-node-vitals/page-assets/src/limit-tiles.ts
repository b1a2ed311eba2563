import { bytes, count, percent, timeToLimit } from '../../src/page/number-words.js';
import type { PageData } from '../../src/page/page-data.js';
import { limitsOf } from '../../src/page/state-sentence.js';
import type { LimitState } from '../../src/page/state-sentence.js';
import { add, fillBar, say, setAttribute } from './elements.js';

const TITLES: Readonly<Record<LimitState['name'], string>> = {
  container: 'Container memory',
  heap: 'V8 heap, live',
  host: 'Memory of the machine',
  descriptors: 'Descriptors',
};
const SOON_SECONDS = 3_600;
const NEARLY_FULL = 0.9;

interface Tile {
  readonly item: HTMLElement;
  readonly big: HTMLElement;
  readonly share: Text;
  readonly of: HTMLElement;
  readonly bar: HTMLElement;
  readonly fill: HTMLElement;
  readonly when: HTMLElement;
}

/** One tile per limit: how full, and how long it lasts. */
export class LimitTiles {
  readonly #tiles: ReadonlyMap<string, Tile>;

  constructor(list: Element) {
    this.#tiles = new Map(Object.entries(TITLES).map(([name, title]) => [name, makeTile(list, title)]));
  }

  show(data: PageData): void {
    for (const limit of limitsOf(data)) {
      const tile = this.#tiles.get(limit.name);
      if (tile !== undefined) showTile(tile, limit, data);
    }
  }
}

function makeTile(list: Element, title: string): Tile {
  const item = add(list, 'li');
  add(item, 'h3', '', title);
  const big = add(item, 'p', 'big');
  const share = document.createTextNode('');
  big.append(share);
  const of = add(big, 'small');
  const bar = add(item, 'div', 'bar');
  bar.setAttribute('role', 'meter');
  bar.setAttribute('aria-label', title);
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  return { item, big, share, of, bar, fill: add(bar, 'i'), when: add(item, 'p', 'when') };
}

function showTile(tile: Tile, limit: LimitState, data: PageData): void {
  const { used, share, seconds } = limit;
  const words = limit.name === 'descriptors' ? count : bytes;
  tile.big.classList.toggle('none', share === null);
  tile.share.data = share === null ? (used === null ? 'Not known' : words(used)) : `${percent(share)} `;
  say(tile.of, share === null ? '' : `${words(used ?? 0)} of ${words(limit.limit ?? 0)}`);
  fillBar(tile.fill, share);
  tile.bar.hidden = share === null;
  setAttribute(tile.bar, 'aria-valuenow', String(Math.round((share ?? 0) * 100)));
  setAttribute(tile.bar, 'aria-valuetext', `${tile.share.data}${tile.of.textContent}`);
  say(
    tile.when,
    share === null
      ? reason(limit, data)
      : `Limit ${seconds === null ? 'time not known yet' : timeToLimit(seconds)}`,
  );
  const level =
    share !== null && share >= NEARLY_FULL
      ? 'full'
      : seconds !== null && seconds <= SOON_SECONDS
        ? 'soon'
        : '';
  setAttribute(tile.item, 'data-level', limit.name === 'host' && level === 'full' ? '' : level);
}

/** Why a limit is not there. */
function reason({ name }: LimitState, { memory, fd }: PageData): string {
  if (name === 'descriptors') {
    if (fd === null) return 'Descriptors are not watched';
    if (fd.takenAtMillis === null) return 'No sample yet';
    return fd.open === null ? 'They cannot be counted here' : 'The limit is unknown, or there is none';
  }
  if (memory === null) return 'Memory is not watched';
  if (memory.takenAtMillis === null) return 'No sample yet';
  if (name === 'container') return memory.container === null ? 'Not in a container' : 'No limit is set';
  return 'The platform does not tell';
}
