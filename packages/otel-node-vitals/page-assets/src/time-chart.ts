import type UPlot from 'uplot';
import type { HistoryRows } from '../../src/page/bounded-history.js';
import { PLOTTED } from '../../src/page/plotted-series.js';
import type { PlottedName } from '../../src/page/plotted-series.js';
import { add, say, setAttribute } from './elements.js';

// Loaded before, by a script element of its own.
declare const uPlot: typeof UPlot;

/** A colour of the style sheet, by the name of its custom property. */
export type Colour = 'blue' | 'teal' | 'violet' | 'orange' | 'slate' | 'limit';

export interface ChartSeries {
  readonly name: PlottedName;
  readonly label: string;
  readonly colour: Colour;
}

export interface ChartOptions {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly words: (value: number) => string;
  /** Whether the scale is in powers of two, as bytes are. */
  readonly binary?: boolean;
  readonly wide?: boolean;
}

type Column = readonly (number | null)[];

/** A limit far above everything would press the lines flat: then it is only named. */
const LIMIT_WITHIN = 3;
const POWERS_OF_TWO = Array.from({ length: 51 }, (_, power) => 2 ** power);

/** A chart over time: a canvas to look at, and the same in words to listen to and to walk through with arrow keys. */
export class TimeChart {
  readonly card: HTMLElement;
  readonly #options: ChartOptions;
  readonly #plot: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #at: HTMLElement;
  readonly #values: (readonly [item: HTMLElement, value: HTMLElement])[];
  readonly #limitItem: HTMLElement;
  readonly #limitValue: HTMLElement;
  #chart: UPlot | undefined;
  #times: readonly number[] = [];
  #columns: readonly Column[] = [];
  #chosen: number | null = null;

  constructor(parent: Element, options: ChartOptions) {
    this.#options = options;
    this.card = add(parent, 'section', options.wide === true ? 'card wide' : 'card');
    const heading = add(this.card, 'h2', '', options.title);
    this.#at = add(this.card, 'p', 'muted at');
    heading.id = `chart-${options.series[0]?.name ?? ''}`;
    this.card.setAttribute('aria-labelledby', heading.id);
    const legend = add(this.card, 'ul', 'legend');
    this.#values = options.series.map(({ label, colour }) => legendItem(legend, label, colour));
    [this.#limitItem, this.#limitValue] = legendItem(legend, 'limit', 'limit');
    this.#limitItem.classList.add('limit');
    this.#limitItem.hidden = true;
    this.#plot = add(this.card, 'div', 'plot');
    this.#plot.tabIndex = 0;
    // A slider is what reads out a value per arrow key in every screen reader.
    this.#plot.setAttribute('role', 'slider');
    this.#plot.setAttribute('aria-valuemin', '0');
    this.#plot.hidden = true;
    this.#empty = add(this.card, 'p', 'empty', 'No samples yet');
    this.#plot.addEventListener('keydown', event => {
      this.#walk(event);
    });
    this.#plot.addEventListener('blur', () => {
      this.#choose(null);
    });
    new ResizeObserver(() => {
      this.#chart?.setSize(this.#size());
    }).observe(this.#plot);
  }

  /** @param none why there is nothing to draw, if there is not */
  draw(rows: HistoryRows, limit: number | null, none: string): void {
    const { series } = this.#options;
    this.#times = rows.times.map(millis => millis / 1000);
    this.#columns = series.map(({ name }) => rows.columns[PLOTTED.indexOf(name)] ?? []);
    const highest = Math.max(...this.#columns.flat().map(value => value ?? -Infinity));
    this.#plot.hidden = highest === -Infinity;
    this.#empty.hidden = !this.#plot.hidden;
    say(this.#empty, none);
    this.#columns.forEach((column, at) => {
      const [item] = this.#values[at] ?? [];
      if (item !== undefined) item.hidden = !column.some(value => value !== null);
    });
    this.#limitItem.hidden = limit === null;
    if (limit !== null) say(this.#limitValue, this.#options.words(limit));
    if (this.#plot.hidden) {
      this.#read();
      return;
    }
    const showsLimit = limit !== null && limit <= highest * LIMIT_WITHIN;
    const limitColumn = this.#times.map(() => (showsLimit ? limit : null));
    const data = [this.#times, ...this.#columns, limitColumn] as unknown as UPlot.AlignedData;
    if (this.#chart === undefined) this.#chart = new uPlot(this.#config(), data, this.#plot);
    else this.#chart.setData(data);
    this.#describe();
    this.#read();
  }

  /** The colours have changed. */
  repaint(): void {
    this.#chart?.redraw(false, true);
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(200, this.#plot.clientWidth), height: this.#options.wide === true ? 260 : 190 };
  }

  #config(): UPlot.Options {
    const { series, words, binary = false } = this.#options;
    const axis = {
      stroke: () => colour('muted'),
      grid: { stroke: () => colour('line'), width: 1 },
      ticks: { show: false },
    };
    return {
      ...this.#size(),
      // Half of the time below a line at the right edge.
      padding: [10, 28, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false, setScale: false } },
      scales: { y: { range: (_chart, _low, high) => [0, high > 0 ? high * 1.08 : 1] } },
      axes: [
        {
          ...axis,
          size: 24,
          space: 76,
          values: (_chart, splits) =>
            splits.map((seconds, index) => axisTime(seconds, splits[index + 1] ?? splits[index - 1])),
        },
        {
          ...axis,
          size: 72,
          values: (_chart, splits) => splits.map(value => words(value)),
          ...(binary ? { incrs: POWERS_OF_TWO } : {}),
        },
      ],
      series: [
        {},
        ...series.map(({ colour: name }, at) => ({
          stroke: () => colour(name),
          ...(at === 0 ? { fill: () => `${colour(name)}1c` } : {}),
          width: 2,
          points: { show: false },
        })),
        { stroke: () => colour('limit'), width: 2, dash: [7, 5], points: { show: false } },
      ],
      hooks: {
        setCursor: [
          chart => {
            this.#chosen = chart.cursor.idx ?? null;
            this.#read();
          },
        ],
      },
    };
  }

  #walk(event: KeyboardEvent): void {
    const last = this.#times.length - 1;
    const from = this.#chosen ?? last;
    const steps: Readonly<Record<string, number | null>> = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      PageDown: from - 10,
      PageUp: from + 10,
      Home: 0,
      End: last,
      Escape: null,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#choose(to === null ? null : Math.min(last, Math.max(0, to)));
  }

  #choose(index: number | null): void {
    const chart = this.#chart;
    if (chart === undefined) return;
    const left = index === null ? -10 : chart.valToPos(this.#times[index] ?? 0, 'x');
    chart.setCursor({ left, top: index === null ? -10 : 0 }, false);
    this.#chosen = index;
    this.#read();
  }

  /** The values at the chosen moment, or the latest ones. */
  #read(): void {
    const last = this.#times.length - 1;
    const index = Math.min(this.#chosen ?? last, last);
    const spoken = this.#options.series.map(({ label }, at) => {
      const value = this.#columns[at]?.[index] ?? null;
      const words = value === null ? 'not known' : this.#options.words(value);
      const legend = this.#values[at];
      if (legend !== undefined) say(legend[1], words);
      return `${label} ${words}`;
    });
    const seconds = this.#times[index];
    const when = seconds === undefined ? '' : clockTime(seconds * 1000);
    say(this.#at, this.#chosen === null ? '' : `at ${when}`);
    setAttribute(this.#plot, 'aria-valuemax', String(Math.max(0, last)));
    setAttribute(this.#plot, 'aria-valuenow', String(Math.max(0, index)));
    setAttribute(this.#plot, 'aria-valuetext', `${when}: ${spoken.join(', ')}`);
  }

  #describe(): void {
    const { title, series, words } = this.#options;
    const parts = series.flatMap(({ label }, at) => {
      const known = (this.#columns[at] ?? []).filter(value => value !== null);
      const now = known[known.length - 1];
      if (now === undefined) return [];
      return [
        `${label} ${words(now)}, between ${words(Math.min(...known))} and ${words(Math.max(...known))}`,
      ];
    });
    const [from = 0, to = 0] = [this.#times[0], this.#times[this.#times.length - 1]];
    setAttribute(
      this.#plot,
      'aria-label',
      `${title}, chart from ${clockTime(from * 1000)} to ${clockTime(to * 1000)}. ${parts.join('; ')}.`,
    );
  }
}

function legendItem(legend: Element, label: string, name: Colour): [HTMLElement, HTMLElement] {
  const item = add(legend, 'li', '', `${label} `);
  item.style.setProperty('--series', `var(--${name})`);
  return [item, add(item, 'b')];
}

/** Read anew each time: the colour scheme may change while the page is open. */
function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const clockWithDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** A time of today as `14:03:20`, another one with its day. */
export function clockTime(millis: number): string {
  const today = new Date(millis).toDateString() === new Date().toDateString();
  return (today ? clock : clockWithDay).format(millis);
}

/** Seconds only where the lines of the scale are closer than a minute, the day only where they are a day apart. */
function axisTime(seconds: number, next: number | undefined): string {
  const gap = Math.abs((next ?? seconds + 60) - seconds);
  if (gap >= 86_400) return clockWithDay.format(seconds * 1000).replace(/, .*/, '');
  const time = clock.format(seconds * 1000);
  return gap < 60 ? time : time.slice(0, 5);
}
