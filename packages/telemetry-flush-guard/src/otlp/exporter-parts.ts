import { types } from 'node:util';

/** The inner transport of an exporter: one request, without retries. */
export interface TransportLike {
  send(data: Uint8Array, timeoutMillis: number): unknown;
}

export interface SerializerLike {
  serializeRequest(items: object): unknown;
}

/** What an exporter of OTLP over HTTP is made of. */
export interface ExporterParts {
  readonly serializer: SerializerLike;
  readonly transport: TransportLike;
  /** Undefined if it cannot be seen. */
  readonly url: string | undefined;
}

/**
 * The parts of an exporter of `@opentelemetry/exporter-{trace,logs}-otlp-{http,proto}`, 0.2xx and 0.30x. They are private, which is to
 * say that any of them may be something else in the next version: undefined if anything is not just as it is known.
 *
 * What somebody has put in its own place, in a subclass or in the object, to filter or to watch what is exported, would be passed by.
 * So would the traps of a proxy. Then it is not such an exporter.
 *
 * @throws whatever a getter throws
 */
export function partsOf(exporter: object): ExporterParts | undefined {
  if (!isMadeBy(exporter, 'OTLPExporterBase', ['export', 'forceFlush', 'shutdown'])) return undefined;
  const delegate = exporter['_delegate'];
  if (!isMadeBy(delegate, 'OTLPExportDelegate', ['export', 'forceFlush', 'shutdown'])) return undefined;
  const retrying = delegate['_transport'];
  if (!isMadeBy(retrying, 'RetryingTransport', ['send', 'shutdown'])) return undefined;
  const transport = retrying['_transport'];
  if (!isMadeBy(transport, 'HttpExporterTransport', ['send', 'shutdown'])) return undefined;
  const serializer = delegate['_serializer'];
  if (!isObject(serializer) || typeof serializer['serializeRequest'] !== 'function') return undefined;
  const parameters = transport['_parameters'];
  const url = isObject(parameters) ? parameters['url'] : undefined;
  return {
    serializer: serializer as unknown as SerializerLike,
    transport: transport as unknown as TransportLike,
    url: typeof url === 'string' ? url : undefined,
  };
}

/** Whether it is of that class or of one that extends it, and these methods of it are those of the class. There may be several such classes. */
function isMadeBy(
  value: unknown,
  className: string,
  methods: readonly string[],
): value is Readonly<Record<string, unknown>> {
  if (!isObject(value)) return false;
  let prototype = Object.getPrototypeOf(value) as object | null;
  while (prototype !== null && !types.isProxy(prototype)) {
    const own = new Map(Object.entries(Object.getOwnPropertyDescriptors(prototype)));
    if ((own.get('constructor')?.value as { readonly name?: unknown } | undefined)?.name === className)
      return methods.every(method => {
        const ofClass: unknown = own.get(method)?.value;
        return typeof ofClass === 'function' && ofClass === value[method];
      });
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return false;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !types.isProxy(value);
}
