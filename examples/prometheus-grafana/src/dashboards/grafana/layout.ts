import type { HeadingPanel, PanelDraft, PlacedPanel, Row } from './json.js';

/** Columns of Grafana's grid. */
export const COLUMNS = 24;

/** Puts panels side by side until a line is full, then below, each row under its heading. Ids are counted through. */
export function placed(rows: readonly Row[]): (PlacedPanel | HeadingPanel)[] {
  const panels: (PlacedPanel | HeadingPanel)[] = [];
  let top = 0;
  for (const { title, panels: drafts } of rows) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y: top, w: COLUMNS, h: 1 },
      panels: [],
    });
    top += 1;
    for (const line of lines(drafts)) {
      let left = 0;
      for (const { width, height, ...draft } of line) {
        panels.push({ id: panels.length + 1, ...draft, gridPos: { x: left, y: top, w: width, h: height } });
        left += width;
      }
      top += Math.max(...line.map(({ height }) => height));
    }
  }
  return panels;
}

function lines(drafts: readonly PanelDraft[]): PanelDraft[][] {
  const all: PanelDraft[][] = [];
  let line: PanelDraft[] = [];
  let room = 0;
  for (const draft of drafts) {
    if (draft.width > room) {
      line = [];
      all.push(line);
      room = COLUMNS;
    }
    line.push(draft);
    room -= draft.width;
  }
  return all;
}
