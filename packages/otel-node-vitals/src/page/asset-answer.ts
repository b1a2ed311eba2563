import { gunzipSync } from 'node:zlib';
import { PAGE } from './page-assets.js';
import type { Answer } from './page-headers.js';

/** The same for all assets: they change together. */
export const ETAG = `"${PAGE.hash}"`;

// Asked for anew each time, so that an upgrade shows, and not sent again while it is the same.
const HEADERS = { etag: ETAG, 'cache-control': 'no-cache', vary: 'accept-encoding' } as const;

/** One of the page's files, compressed as it is kept if the client takes that, as every browser does. */
export function assetAnswer(
  { type, gzip }: { readonly type: string; readonly gzip: string },
  known: boolean,
  acceptEncoding: string | string[] | undefined,
): Answer {
  if (known) return { status: 304, type, body: '', headers: HEADERS };
  const packed = Buffer.from(gzip, 'base64');
  return /\bgzip\b/.test(String(acceptEncoding ?? ''))
    ? { status: 200, type, body: packed, headers: { ...HEADERS, 'content-encoding': 'gzip' } }
    : { status: 200, type, body: gunzipSync(packed), headers: HEADERS };
}
