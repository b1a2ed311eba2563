import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';

/** What telemetry-flush-guard says an attempt has come to. */
export interface AttemptLike {
  readonly outcome: string;
  readonly why?: string;
  readonly rejected?: number;
  readonly afterMillis?: number;
}

export type Format = 'json' | 'protobuf';

export interface RouteLike {
  readonly format: Format;
  readonly endpoint: string | undefined;
  send(body: Uint8Array, timeoutMillis: number): Promise<AttemptLike>;
  serialize(items: readonly unknown[]): Uint8Array | undefined;
}

type Rejected = { readonly count: number; readonly message: string } | undefined;

export type RouteOf = (
  exporter: object,
  rejectedIn: (body: Uint8Array, format: Format) => Rejected,
) => RouteLike | undefined;

/** `otlpRouteOf` of telemetry-flush-guard, which it does not export, loaded by path: the very module that it runs. */
export function guardRouteOf(): RouteOf {
  const load = createRequire(__filename);
  const path = ['packages', 'telemetry-flush-guard', 'dist', 'src', 'otlp', 'exporter-route.js'];
  return (load(join(repositoryRoot, ...path)) as { readonly otlpRouteOf: RouteOf }).otlpRouteOf;
}
