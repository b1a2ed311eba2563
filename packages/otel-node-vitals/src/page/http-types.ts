/**
 * The parts of Node's `IncomingMessage` and `ServerResponse` that the page uses, so that its types need no `@types/node`,
 * and the requests of Express, Fastify (`.raw`) and others fit as well.
 */
export interface PageRequest {
  readonly url?: string | undefined;
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface PageResponse {
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(body?: string | Uint8Array): unknown;
}
