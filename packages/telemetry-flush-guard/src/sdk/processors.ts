import type { LogRecordLike, SpanLike } from '../items/otel-types.js';
import type { Lane } from '../pipeline/lane.js';

/** Sampled: the flag of W3C trace context. */
const SAMPLED = 1;

/** What a lane's owner does when it is asked to flush or to end. */
export interface LaneKeeper {
  flush(lane: Lane<never>, millis: number): Promise<void>;
  shutDown(lane: Lane<never>): Promise<void>;
}

/** As long as the SDK's own processors wait. */
export const FLUSH_MILLIS = 30_000;

/** A `SpanProcessor` of SDK 1.x, 2.x and 3.x. */
export interface GuardedSpanProcessor {
  onStart(): void;
  onEnd(span: SpanLike): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** A `LogRecordProcessor` of SDK 1.x, 2.x and 3.x. */
export interface GuardedLogRecordProcessor {
  onEmit(record: LogRecordLike): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

export function spanProcessor(lane: Lane<SpanLike, never>, keeper: LaneKeeper): GuardedSpanProcessor {
  return {
    onStart() {},
    onEnd(span) {
      // As the SDK's own processors do.
      if ((span.spanContext().traceFlags & SAMPLED) !== 0) lane.accept(span);
    },
    forceFlush: () => keeper.flush(lane, FLUSH_MILLIS),
    shutdown: () => keeper.shutDown(lane),
  };
}

export function logRecordProcessor(
  lane: Lane<LogRecordLike, never>,
  keeper: LaneKeeper,
): GuardedLogRecordProcessor {
  return {
    onEmit(record) {
      lane.accept(record);
    },
    forceFlush: () => keeper.flush(lane, FLUSH_MILLIS),
    shutdown: () => keeper.shutDown(lane),
  };
}
