import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/command-line.js';
import { drainCommand } from '../../src/cli/drain-command.js';
import type { DrainWorld } from '../../src/cli/drain-command.js';
import type { DrainReport } from '../../src/cli/drain-report.js';
import { itemForm } from '../../src/items/item-form.js';
import type { ItemForm } from '../../src/items/item-form.js';
import { logCodec } from '../../src/items/log-codec.js';
import { Origins } from '../../src/items/origins.js';
import type { LogRecordLike, SpanLike } from '../../src/items/otel-types.js';
import { spanCodec } from '../../src/items/span-codec.js';
import { otlpEncodings } from '../../src/otlp/otlp-encoding.js';
import { otlpForm } from '../../src/otlp/otlp-form.js';
import { GuardDisk } from '../../src/pipeline/guard-disk.js';
import { Lane } from '../../src/pipeline/lane.js';
import { realFileSystem } from '../../src/spool/file-system.js';
import type { FileSystem } from '../../src/spool/file-system.js';
import type { ProcessView } from '../../src/spool/owner.js';
import { thisProcessView } from '../../src/spool/process-view.js';

/** How items were written: for exporters of OTLP, or for others. */
export type Written = 'objects' | 'json' | 'protobuf';

const unknownFormat = (): never => {
  throw new Error('nothing is read here');
};

export function spansNamed(names: readonly string[]): SpanLike[] {
  const exporter = new InMemorySpanExporter();
  const resource = resourceFromAttributes({ 'service.name': 'dead' });
  const processor = new SimpleSpanProcessor(exporter);
  const tracer = new BasicTracerProvider({ resource, spanProcessors: [processor] }).getTracer('app', '1');
  for (const name of names) tracer.startSpan(name, { attributes: { 'is.test': true, size: 1.5 } }).end();
  return exporter.getFinishedSpans();
}

function logsNamed(names: readonly string[]): LogRecordLike[] {
  const exporter = new InMemoryLogRecordExporter();
  const processor = new SimpleLogRecordProcessor({ exporter });
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('app');
  for (const body of names) logger.emit({ body });
  return exporter.getFinishedLogRecords();
}

function spanForm(written: Written): ItemForm<SpanLike, never> {
  const form =
    written === 'objects'
      ? itemForm(spanCodec)
      : otlpForm(otlpEncodings[written].span, span => spanCodec.originOf(span), unknownFormat);
  return form as unknown as ItemForm<SpanLike, never>;
}

function logForm(written: Written): ItemForm<LogRecordLike, never> {
  const form =
    written === 'objects'
      ? itemForm(logCodec)
      : otlpForm(otlpEncodings[written].log, log => logCodec.originOf(log), unknownFormat);
  return form as unknown as ItemForm<LogRecordLike, never>;
}

/** No process has such a number. */
let lastPid = 1_000_000_000;

/** What a process can see that has a number of its own, and that is taken for dead as soon as it does nothing. */
function viewOfAnother(): ProcessView {
  lastPid += 1;
  const view = thisProcessView();
  return { ...view, self: { ...view.self, pid: lastPid } };
}

/**
 * Leaves in a folder what a process that has died could not deliver. Names are in the lanes that start so: `spans`, `logs-2`, `metrics`.
 *
 * @returns the path of its folder
 */
export function leaveBehind(
  dir: string,
  lanes: Readonly<Record<string, readonly string[]>>,
  written: Written = 'protobuf',
): string {
  const disk = new GuardDisk({
    files: realFileSystem,
    dir,
    limitBytes: 1e8,
    view: viewOfAnother(),
    uid: process.getuid?.(),
    onTrouble: trouble => {
      throw new Error(trouble?.message);
    },
  });
  for (const [lane, names] of Object.entries(lanes)) {
    if (lane.startsWith('logs')) accept(disk, lane, logForm(written), logsNamed(names));
    else accept(disk, lane, spanForm(written), spansNamed(names));
  }
  const folder = disk.places!.folder;
  disk.close();
  return folder;
}

function accept<Item>(disk: GuardDisk, name: string, form: ItemForm<Item, never>, items: Item[]): void {
  const nowhere = { send: () => Promise.reject(new Error('nowhere')), shutdown: () => Promise.resolve() };
  const lane = disk.addLane<Item, never>(
    name,
    laneDisk =>
      new Lane<Item, never>(name, form, nowhere, laneDisk, new Origins(), {
        memoryItems: 100_000,
        memoryBytes: 1e9,
        batchItems: 100_000,
        exportTimeoutMillis: 1_000,
        delayMillis: 1e6,
        writesAhead: true,
        onDrop: (count, reason) => {
          throw new Error(`${count} dropped: ${reason}`);
        },
        random: () => 0.5,
      }),
  );
  for (const item of items) lane.accept(item);
  lane.shutDown();
}

/** What a drain has said and done. */
export interface Drained {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface DrainConditions {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: FileSystem;
  readonly uid?: number;
  readonly world?: Partial<DrainWorld>;
  /** Default: `drain`. */
  readonly command?: readonly string[];
}

/** `drain`, in this process, as if in one of its own. */
export async function drained(
  args: readonly string[],
  {
    env = {},
    files = realFileSystem,
    uid = process.getuid?.(),
    world = {},
    command = ['drain'],
  }: DrainConditions = {},
): Promise<Drained> {
  let [out, err] = ['', ''];
  const print = (text: string): void => void (out += text);
  const complain = (text: string): void => void (err += text);
  const view = viewOfAnother();
  const drainWorld: DrainWorld = {
    files,
    view,
    uid,
    env,
    hasColours: false,
    progress: { columns: undefined, write: complain },
    waits: { retryFirstMillis: 5, retryLongestMillis: 20 },
    random: () => 0.5,
    graceMillis: 100,
    print,
    complain,
    output: bytes => {
      print(Buffer.from(bytes).toString());
      return Promise.resolve();
    },
    onSignal: () => () => {},
    ...world,
  };
  const code = await runCommandLine([...command, ...args], {
    files,
    view,
    nowMillis: Date.now(),
    hasColours: false,
    print,
    complain,
    drain: request => drainCommand(request, drainWorld),
  });
  return { code, out, err };
}

/** `drain --json`, and its report. */
export async function drainReportOf(
  args: readonly string[],
  conditions?: DrainConditions,
): Promise<DrainReport & { code: number; err: string }> {
  const { code, out, err } = await drained([...args, '--json'], conditions);
  return { ...(JSON.parse(out) as DrainReport), code, err };
}

export function namesOf(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
}

/** Each of them, once. */
export function onceEach(...names: readonly (readonly string[])[]): Map<string, number> {
  return new Map(names.flat().map(name => [name, 1]));
}

/** All files below a folder, as text. */
export function textsBelow(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

/** Puts a record of a later version at the beginning of a segment. */
export function overwrite(path: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(path, change(readFileSync(path)));
}
