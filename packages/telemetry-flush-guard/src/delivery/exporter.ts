/** What an exporter of any SDK calls back with: 0 is success. */
export interface ExportResultLike {
  readonly code: number;
  readonly error?: Error | undefined;
}

/** A `SpanExporter` or `LogRecordExporter` of SDK 2.x or 3.x. */
export interface ExporterLike<Item> {
  /** What it returns does not count, but for a promise that rejects: that is a failure. */
  export(items: Item[], callback: (result: ExportResultLike) => void): unknown;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}
