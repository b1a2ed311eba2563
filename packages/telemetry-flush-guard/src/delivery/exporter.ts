/** What an exporter of any SDK calls back with: 0 is success. */
export interface ExportResultLike {
  readonly code: number;
  readonly error?: Error | undefined;
}

/** A `SpanExporter` or `LogRecordExporter` of SDK 1.x, 2.x or 3.x. */
export interface ExporterLike<Item> {
  export(items: Item[], callback: (result: ExportResultLike) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}
