import { Ajv } from 'ajv';

const DATA_SOURCE = {
  type: 'object',
  required: ['type', 'uid'],
  additionalProperties: false,
  properties: { type: { const: 'prometheus' }, uid: { const: '${datasource}' } },
};

const TEXT = { type: 'string', minLength: 1 };

/** Ids of Grafana's own units, as far as they are needed, and units of our own. */
const UNIT = { type: 'string', pattern: '^(bytes|binBps|s|percentunit|short|suffix:\\S.*)$' };

const COLOR = {
  type: 'string',
  pattern: '^((semi-|super-)?(dark|light)-)?(green|yellow|orange|red|blue|purple|text)$',
};

const GRID = {
  type: 'object',
  required: ['x', 'y', 'w', 'h'],
  additionalProperties: false,
  properties: {
    x: { type: 'integer', minimum: 0, maximum: 23 },
    y: { type: 'integer', minimum: 0 },
    w: { type: 'integer', minimum: 1, maximum: 24 },
    h: { type: 'integer', minimum: 1 },
  },
};

const THRESHOLDS = {
  type: 'object',
  required: ['mode', 'steps'],
  additionalProperties: false,
  properties: {
    mode: { const: 'absolute' },
    steps: {
      type: 'array',
      minItems: 1,
      // The first is for all that is below the others.
      prefixItems: [{ type: 'object', properties: { color: COLOR, value: { type: 'null' } } }],
      items: {
        type: 'object',
        required: ['color', 'value'],
        additionalProperties: false,
        properties: { color: COLOR, value: { type: ['number', 'null'] } },
      },
    },
  },
};

const TARGET = {
  type: 'object',
  required: ['refId', 'datasource', 'expr', 'legendFormat', 'format', 'instant', 'range', 'editorMode'],
  additionalProperties: false,
  properties: {
    refId: { type: 'string', pattern: '^[A-Z]$' },
    datasource: DATA_SOURCE,
    editorMode: { const: 'code' },
    // What is left of our notation was not expanded.
    expr: { type: 'string', minLength: 1, not: { pattern: '<[a-z]' } },
    legendFormat: TEXT,
    format: { enum: ['time_series', 'table', 'heatmap'] },
    instant: { type: 'boolean' },
    range: { type: 'boolean' },
  },
};

const PANEL = {
  type: 'object',
  required: [
    'id',
    'type',
    'title',
    'description',
    'gridPos',
    'datasource',
    'targets',
    'fieldConfig',
    'options',
    'pluginVersion',
  ],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 1 },
    type: { enum: ['timeseries', 'stat', 'heatmap', 'table', 'state-timeline'] },
    title: TEXT,
    description: { type: 'string', minLength: 40, pattern: '\\.$' },
    pluginVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+$' },
    gridPos: GRID,
    datasource: DATA_SOURCE,
    targets: { type: 'array', minItems: 1, items: TARGET },
    options: { type: 'object', minProperties: 1 },
    transformations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'options'],
        properties: { id: { enum: ['merge', 'organize'] } },
      },
    },
    fieldConfig: {
      type: 'object',
      required: ['defaults', 'overrides'],
      additionalProperties: false,
      properties: {
        defaults: {
          type: 'object',
          required: ['unit', 'thresholds', 'color', 'mappings'],
          properties: { unit: UNIT, thresholds: THRESHOLDS, noValue: TEXT, mappings: { type: 'array' } },
        },
        overrides: {
          type: 'array',
          items: {
            type: 'object',
            required: ['matcher', 'properties'],
            additionalProperties: false,
            properties: {
              matcher: { type: 'object', required: ['id', 'options'] },
              properties: { type: 'array', items: { type: 'object', required: ['id', 'value'] } },
            },
          },
        },
      },
    },
  },
};

const ROW = {
  type: 'object',
  required: ['id', 'type', 'title', 'collapsed', 'gridPos', 'panels'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', minimum: 1 },
    type: { const: 'row' },
    title: TEXT,
    collapsed: { const: false },
    gridPos: GRID,
    panels: { type: 'array', maxItems: 0 },
  },
};

const VARIABLE = {
  type: 'object',
  required: ['type', 'name', 'label', 'query', 'refresh', 'hide', 'multi', 'includeAll'],
  properties: {
    type: { enum: ['datasource', 'query'] },
    name: { type: 'string', pattern: '^[a-z]+$' },
    label: TEXT,
    datasource: DATA_SOURCE,
  },
};

const ANNOTATION = {
  type: 'object',
  required: ['name', 'datasource', 'enable', 'iconColor', 'expr', 'target', 'step', 'titleFormat'],
  properties: { name: TEXT, datasource: DATA_SOURCE, iconColor: COLOR, expr: TEXT, titleFormat: TEXT },
};

/** What Grafana 10 to 13 need of a dashboard, and what ours have besides. */
const SCHEMA = {
  type: 'object',
  required: [
    'uid',
    'title',
    'description',
    'tags',
    'schemaVersion',
    'version',
    'time',
    'refresh',
    'timezone',
    'graphTooltip',
    'templating',
    'annotations',
    'links',
    'panels',
  ],
  // An id is Grafana's to give.
  properties: {
    id: { type: 'null' },
    uid: { type: 'string', pattern: '^[a-z-]{8,40}$' },
    title: TEXT,
    description: TEXT,
    tags: { type: 'array', minItems: 1, uniqueItems: true, items: TEXT },
    schemaVersion: { type: 'integer', minimum: 36, maximum: 39 },
    time: {
      type: 'object',
      required: ['from', 'to'],
      properties: { from: { type: 'string', pattern: '^now-\\d+[mhd]$' }, to: { const: 'now' } },
    },
    refresh: { type: 'string', pattern: '^\\d+[sm]$' },
    timezone: { const: 'browser' },
    graphTooltip: { enum: [1, 2] },
    templating: {
      type: 'object',
      required: ['list'],
      properties: { list: { type: 'array', minItems: 2, items: VARIABLE } },
    },
    annotations: {
      type: 'object',
      required: ['list'],
      properties: { list: { type: 'array', minItems: 1, items: ANNOTATION } },
    },
    links: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['type', 'title', 'url', 'keepTime', 'includeVars'],
        properties: { type: { const: 'link' }, title: TEXT, url: { type: 'string', pattern: '^/d/' } },
      },
    },
    panels: {
      type: 'array',
      minItems: 1,
      items: { if: { type: 'object', properties: { type: { const: 'row' } } }, then: ROW, else: PANEL },
    },
  },
};

const validate = new Ajv({ allErrors: true, strict: false }).compile(SCHEMA);

/** What of the schema a dashboard does not keep, each with its place. */
export function schemaProblems(dashboard: unknown): string[] {
  validate(dashboard);
  return (validate.errors ?? []).map(
    ({ instancePath, message = '', params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
