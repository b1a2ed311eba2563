/** What renames attributes; the SDK calls it with those of each measurement. Typed as API 1.9 and 1.10 can both have it. */
export interface AttributeRenaming {
  process(incoming: Readonly<Record<string, unknown>>): Record<string, string>;
}

/**
 * A View as `MeterProvider` and `NodeSDK` of SDK 2.x and 3.x take it (`ViewOptions`). An own type: an application may
 * hold several copies of the SDK.
 */
export interface VitalsView {
  instrumentName: string;
  meterName?: string;
  name?: string;
  description?: string;
  attributesProcessors?: AttributeRenaming[];
  aggregation?: { type: 4; options: { boundaries: number[]; recordMinMax: boolean } };
}

/** Options of {@link promClientViews}. */
export interface PromClientViewsOptions {
  /** Whether our own names are exported too. Default false: they are replaced. */
  keepOwnNames?: boolean;
}

/** `AggregationType.EXPLICIT_BUCKET_HISTOGRAM` of SDK 2.x and 3.x, whose enum is not imported. */
const EXPLICIT_BUCKET_HISTOGRAM = 4;

/** The buckets of prom-client 15, in seconds. */
const PROM_CLIENT_GC_BUCKETS = [0.001, 0.01, 0.1, 1, 2, 5];

const MEMORY = 'otel-memory-metrics';
const FD = 'otel-fd-watch';

interface Renamed {
  /** `undefined`: whoever emits it, as the name is one of the semantic conventions for V8. */
  readonly meterName?: string;
  readonly instrumentName: string;
  readonly name: string;
  readonly description: string;
  readonly labels?: { readonly of: string; readonly as: string; readonly value?: (value: string) => string };
  readonly boundaries?: readonly number[];
}

const space = {
  of: 'v8js.heap.space.name',
  as: 'space',
  // prom-client cuts the name off there: new_large_object_space → new_large_object.
  value: (name: string) => name.slice(0, name.includes('_space') ? name.indexOf('_space') : undefined),
};

/** The names of prom-client 15 and what they are made of, with its words of description. */
const RENAMED: readonly Renamed[] = [
  {
    meterName: MEMORY,
    instrumentName: 'process.memory.usage',
    name: 'process_resident_memory_bytes',
    description: 'Resident memory size in bytes.',
  },
  {
    meterName: MEMORY,
    instrumentName: 'process.memory.virtual',
    name: 'process_virtual_memory_bytes',
    description: 'Virtual memory size in bytes.',
  },
  {
    meterName: MEMORY,
    instrumentName: 'vitals.heap.size',
    name: 'nodejs_heap_size_total_bytes',
    description: 'Process heap size from Node.js in bytes.',
  },
  {
    meterName: MEMORY,
    instrumentName: 'vitals.heap.used',
    name: 'nodejs_heap_size_used_bytes',
    description: 'Process heap size used from Node.js in bytes.',
  },
  {
    meterName: MEMORY,
    instrumentName: 'vitals.memory.external',
    name: 'nodejs_external_memory_bytes',
    description: 'Node.js external memory size in bytes.',
  },
  {
    instrumentName: 'v8js.memory.heap.space.size',
    name: 'nodejs_heap_space_size_total_bytes',
    description: 'Process heap space size total from Node.js in bytes.',
    labels: space,
  },
  {
    instrumentName: 'v8js.memory.heap.used',
    name: 'nodejs_heap_space_size_used_bytes',
    description: 'Process heap space size used from Node.js in bytes.',
    labels: space,
  },
  {
    instrumentName: 'v8js.memory.heap.space.available_size',
    name: 'nodejs_heap_space_size_available_bytes',
    description: 'Process heap space size available from Node.js in bytes.',
    labels: space,
  },
  {
    instrumentName: 'v8js.gc.duration',
    name: 'nodejs_gc_duration_seconds',
    description: 'Garbage collection duration by kind, one of major, minor, incremental or weakcb.',
    labels: { of: 'v8js.gc.type', as: 'kind' },
    boundaries: PROM_CLIENT_GC_BUCKETS,
  },
  {
    meterName: FD,
    instrumentName: 'process.unix.file_descriptor.count',
    name: 'process_open_fds',
    description: 'Number of open file descriptors.',
  },
];

/**
 * Views that give our metrics the names, labels and buckets of prom-client 15, for the panels and alerts that people
 * already have. For `process_max_fds` and `nodejs_heap_space_size_available_bytes` the instrumentations have to be made
 * with `vitals({ promClientNames: true })`.
 */
export function promClientViews({ keepOwnNames = false }: PromClientViewsOptions = {}): VitalsView[] {
  return RENAMED.flatMap(renamed => {
    const { meterName, instrumentName } = renamed;
    const selected: VitalsView = { instrumentName, ...(meterName === undefined ? {} : { meterName }) };
    return keepOwnNames ? [viewOf(selected, renamed), selected] : [viewOf(selected, renamed)];
  });
}

function viewOf(selected: VitalsView, { name, description, labels, boundaries }: Renamed): VitalsView {
  return {
    ...selected,
    name,
    description,
    ...(labels === undefined ? {} : { attributesProcessors: [renaming(labels)] }),
    ...(boundaries === undefined
      ? {}
      : {
          aggregation: {
            type: EXPLICIT_BUCKET_HISTOGRAM,
            options: { boundaries: [...boundaries], recordMinMax: true },
          },
        }),
  };
}

/** Renames one attribute and leaves the others out. The attribute objects are made once: values are a fixed few. */
function renaming({ of, as, value = same }: NonNullable<Renamed['labels']>): AttributeRenaming {
  const made = new Map<unknown, Record<string, string>>();
  return {
    process(incoming) {
      const before = incoming[of];
      let attributes = made.get(before);
      if (attributes === undefined) {
        attributes = typeof before === 'string' ? { [as]: value(before) } : {};
        if (made.size < 100) made.set(before, attributes);
      }
      return attributes;
    },
  };
}

function same(value: string): string {
  return value;
}
