import { BoundedHistory } from '../../src/page/bounded-history.js';
import type { HistoryRows } from '../../src/page/bounded-history.js';
import { bytes, bytesPerSecond, count, duration, percent } from '../../src/page/number-words.js';
import type { PageData } from '../../src/page/page-data.js';
import { PEAKS, RECENT_POINTS, WHOLE_POINTS } from '../../src/page/plotted-series.js';
import { stateOf } from '../../src/page/state-sentence.js';
import { byId, say, setAttribute } from './elements.js';
import { LimitTiles } from './limit-tiles.js';
import { NumberTable } from './number-table.js';
import { Polling } from './polling.js';
import type { ConnectionState } from './polling.js';
import { GrowthCard, KindBars } from './side-cards.js';
import { TimeChart, clockTime } from './time-chart.js';

const recent = new BoundedHistory(RECENT_POINTS, 'slide', PEAKS);
const whole = new BoundedHistory(WHOLE_POINTS, 'thin', PEAKS);
let latest: PageData | undefined;
let range = 'recent';
let drawing = false;

const charts = byId('charts');
const memory = new TimeChart(charts, {
  title: 'Memory',
  wide: true,
  binary: true,
  words: bytes,
  series: [
    { name: 'rss', label: 'RSS', colour: 'blue' },
    { name: 'heapUsed', label: 'heap used', colour: 'teal' },
    { name: 'heapLive', label: 'live heap', colour: 'violet' },
    { name: 'external', label: 'external', colour: 'orange' },
    { name: 'container', label: 'container', colour: 'slate' },
  ],
});
const pauses = new TimeChart(charts, {
  title: 'Pauses of garbage collection',
  words: duration,
  series: [
    { name: 'pauseMax', label: 'longest', colour: 'orange' },
    { name: 'pauseP95', label: '95th percentile', colour: 'blue' },
  ],
});
const overhead = new TimeChart(charts, {
  title: 'Time spent in garbage collection',
  words: percent,
  series: [
    { name: 'gcShare1m', label: 'last minute', colour: 'orange' },
    { name: 'gcShare5m', label: 'last 5 minutes', colour: 'blue' },
  ],
});
const allocation = new TimeChart(charts, {
  title: 'Allocation',
  words: bytesPerSecond,
  binary: true,
  series: [{ name: 'allocationRate', label: 'allocated', colour: 'violet' }],
});
const descriptors = new TimeChart(charts, {
  title: 'Descriptors',
  words: count,
  series: [{ name: 'descriptors', label: 'open', colour: 'teal' }],
});
const kinds = new KindBars(charts);
const growth = new GrowthCard(charts);
const limits = new LimitTiles(byId('limits'));
const table = new NumberTable(byId('numbers'));

const polling = new Polling({ sequence: () => latest?.sequence ?? 0, onData: take, onState: showConnection });
const pause = byId('pause');
pause.addEventListener('click', () => {
  polling.paused = !polling.paused;
  say(pause, polling.paused ? 'Resume' : 'Pause');
});
for (const input of document.querySelectorAll<HTMLInputElement>('input[name=range]')) {
  input.addEventListener('change', () => {
    range = input.value;
    drawSoon();
  });
}
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const chart of [memory, pauses, overhead, allocation, descriptors]) chart.repaint();
});
polling.start();

function take(data: PageData): void {
  const { history } = data;
  if (history.whole === null && data.startedAtMillis === latest?.startedAtMillis) append(history.recent);
  else if (history.whole !== null) {
    recent.restore(history.recent);
    whole.restore(history.whole);
  } else {
    // Another process, which happens to have as many samples: ask for everything.
    latest = undefined;
    return;
  }
  latest = data;
  drawSoon();
}

function append({ times, columns }: HistoryRows): void {
  times.forEach((time, index) => {
    const row = columns.map(column => column[index] ?? NaN);
    recent.push(time, row);
    whole.push(time, row);
  });
}

function drawSoon(): void {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    if (latest !== undefined) show(latest);
  });
}

function show(data: PageData): void {
  const { level, word, sentence } = stateOf(data);
  const state = byId('state');
  // Said aloud only when it changes; the sentence does with every sample.
  if (state.dataset['level'] !== level) say(byId('announcement'), `${word}. ${sentence}`);
  setAttribute(state, 'data-level', level);
  say(byId('state-word'), word);
  say(byId('state-sentence'), sentence);
  if (data.service !== null) {
    say(byId('service'), data.service);
    document.title = `${data.service}: vitals`;
  }
  say(
    byId('process'),
    `Process ${data.pid}, Node.js ${data.nodeVersion}, up ${duration(data.uptimeSeconds)}`,
  );
  say(byId('recent'), duration((RECENT_POINTS * data.sampleIntervalMillis) / 1000));
  limits.show(data);
  const rows = (range === 'recent' ? recent : whole).rows();
  const { gc, fd } = data;
  memory.draw(
    rows,
    data.memory?.container?.limitBytes ?? data.memory?.heap?.limitBytes ?? null,
    none(data.memory, 'memory'),
  );
  pauses.draw(rows, null, gc === null ? none(gc, 'garbage collection') : 'No collection so far');
  overhead.draw(rows, null, none(gc, 'garbage collection'));
  allocation.draw(
    rows,
    null,
    gc?.heapEffects !== null
      ? none(gc, 'garbage collection')
      : 'Not known here: the heap is not measured at each collection',
  );
  descriptors.draw(rows, fd?.limit.soft ?? null, none(fd, 'descriptors'));
  kinds.show(data);
  growth.show(data);
  table.show(data);
}

function none(watched: object | null, what: string): string {
  return watched === null ? `Not known here: ${what} is not watched` : 'No samples yet';
}

function showConnection(state: ConnectionState): void {
  const element = byId('connection');
  setAttribute(element, 'data-state', state.name);
  if (state.name === 'live') say(element, 'Live');
  else if (state.name === 'paused') say(element, 'Paused');
  else say(element, `Connection lost at ${clockTime(state.sinceMillis)}, trying again`);
}
