import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';

interface Codec {
  originOf(item: unknown): { readonly resource: unknown; readonly scope: unknown };
  encode(item: unknown): string;
  decode(text: string, origin: { readonly resource: unknown; readonly scope: unknown }): unknown;
}

interface OriginsModule {
  readonly Origins: new () => { resource(text: string): unknown; scope(text: string): unknown };
  readonly encodeResource: (resource: unknown) => string;
  readonly encodeScope: (scope: unknown) => string;
}

/** Items as they come back from the disk of telemetry-flush-guard. */
export interface ThroughDisk {
  readonly spans: <Span>(spans: readonly Span[]) => Span[];
  readonly logs: <LogRecord>(logs: readonly LogRecord[]) => LogRecord[];
}

/** The codecs of telemetry-flush-guard. It does not export them, so they are loaded by path: the very modules that it runs. */
export function guardCodecs(): ThroughDisk {
  const load = createRequire(__filename);
  const part = (name: string): unknown =>
    load(join(repositoryRoot, 'packages', 'telemetry-flush-guard', 'dist', 'src', 'items', name));
  const { spanCodec } = part('span-codec.js') as { spanCodec: Codec };
  const { logCodec } = part('log-codec.js') as { logCodec: Codec };
  const { Origins, encodeResource, encodeScope } = part('origins.js') as OriginsModule;
  const origins = new Origins();
  const through =
    (codec: Codec) =>
    <Item>(items: readonly Item[]): Item[] =>
      items.map(item => {
        const { resource, scope } = codec.originOf(item);
        const written = Buffer.from(codec.encode(item)).toString();
        return codec.decode(written, {
          resource: origins.resource(encodeResource(resource)),
          scope: origins.scope(encodeScope(scope)),
        }) as Item;
      });
  return { spans: through(spanCodec), logs: through(logCodec) };
}
