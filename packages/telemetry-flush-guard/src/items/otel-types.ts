// What the codecs read of OpenTelemetry's objects. Structural and our own: an application often holds several copies of the SDK, and
// 1.x, 2.x and 3.x name a few things differently.

/** Seconds and nanoseconds. */
export type HrTime = readonly [number, number];

export type AttributesLike = Readonly<Record<string, unknown>>;

export interface SpanContextLike {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
  readonly isRemote?: boolean | undefined;
  readonly traceState?: { serialize(): string } | undefined;
}

export interface ResourceLike {
  readonly attributes: AttributesLike;
  readonly schemaUrl?: string | undefined;
  readonly asyncAttributesPending?: boolean | undefined;
  waitForAsyncAttributes?(): Promise<void>;
  /** Names and values, some of them promises, in the order in which they count: the first of a name does. */
  getRawAttributes?(): Iterable<readonly [string, unknown]>;
}

export interface ScopeLike {
  readonly name: string;
  readonly version?: string | undefined;
  readonly schemaUrl?: string | undefined;
  readonly attributes?: AttributesLike | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

export interface SpanEventLike {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: AttributesLike | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

export interface SpanLinkLike {
  readonly context: SpanContextLike;
  readonly attributes?: AttributesLike | undefined;
  readonly droppedAttributesCount?: number | undefined;
}

/** A finished span. */
export interface SpanLike {
  readonly name: string;
  readonly kind: number;
  spanContext(): SpanContextLike;
  readonly parentSpanContext?: SpanContextLike | undefined;
  /** Instead of the context: SDK 1.x. */
  readonly parentSpanId?: string | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly ended: boolean;
  readonly status: { readonly code: number; readonly message?: string | undefined };
  readonly attributes: AttributesLike;
  readonly events: readonly SpanEventLike[];
  readonly links: readonly SpanLinkLike[];
  readonly resource: ResourceLike;
  readonly instrumentationScope?: ScopeLike | undefined;
  /** Instead of the scope: SDK 1.x. */
  readonly instrumentationLibrary?: ScopeLike | undefined;
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
}

/** A log record that has been emitted. */
export interface LogRecordLike {
  readonly hrTime: HrTime;
  readonly hrTimeObserved: HrTime;
  readonly spanContext?: SpanContextLike | undefined;
  readonly severityText?: string | undefined;
  readonly severityNumber?: number | undefined;
  readonly body?: unknown;
  readonly eventName?: string | undefined;
  readonly resource: ResourceLike;
  readonly instrumentationScope: ScopeLike;
  readonly attributes: AttributesLike;
  readonly droppedAttributesCount: number;
}
