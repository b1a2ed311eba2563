import * as http from 'node:http';
import * as https from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { untraced } from '../delivery/send.js';
import { VERSION } from '../version.js';
import type { RawAnswer } from './http-answer.js';
import { wordsOfError } from './http-words.js';

/** An answer of OTLP is a few bytes. What is longer is not read. */
const LONGEST_BODY_BYTES = 4 * 1024 * 1024;

const DEFAULT_TIMEOUT_MILLIS = 10_000;

export interface OtlpHttpSenderOptions {
  /** Of one signal, with its path: `http://localhost:4318/v1/traces`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly compression?: 'gzip' | 'none';
  /** For a request from its start to the end of its answer. Default: 10,000. */
  readonly timeoutMillis?: number;
}

const compressed = promisify(gzip);

/**
 * Sends requests of OTLP over HTTP, for when there is no exporter that could. Connections are kept for the next request, but none of
 * them keeps the process alive.
 */
export class OtlpHttpSender {
  readonly #url: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #isCompressed: boolean;
  readonly #timeoutMillis: number;
  #agent: http.Agent | undefined;
  #isClosed = false;

  /** @throws TypeError if the URL is not one of http or https */
  constructor({
    url,
    headers = {},
    compression = 'none',
    timeoutMillis = DEFAULT_TIMEOUT_MILLIS,
  }: OtlpHttpSenderOptions) {
    // The text of a wrong URL is not repeated: there may be a password in it.
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:')
      throw new TypeError('url must be a URL of http or https');
    this.#url = parsed;
    this.#headers = headers;
    this.#isCompressed = compression === 'gzip';
    this.#timeoutMillis = timeoutMillis;
  }

  /**
   * Sends a request, once; a redirection is an answer like others. Never rejects.
   *
   * @param body must stay as it is until it is answered
   */
  async send(
    body: Uint8Array,
    contentType: string,
    timeoutMillis: number = this.#timeoutMillis,
  ): Promise<RawAnswer> {
    const startMillis = performance.now();
    try {
      const bytes = this.#isCompressed ? await compressed(body) : body;
      const leftMillis = Math.max(0, timeoutMillis - (performance.now() - startMillis));
      return await untraced(() => this.#post(bytes, contentType, leftMillis, timeoutMillis));
    } catch (thrown) {
      return { error: wordsOfError(thrown) };
    }
  }

  /** Ends all connections. Requests under way fail, and so do all that come later. */
  close(): void {
    this.#isClosed = true;
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  #post(
    body: Uint8Array,
    contentType: string,
    leftMillis: number,
    timeoutMillis: number,
  ): Promise<RawAnswer> {
    if (this.#isClosed) return Promise.resolve({ error: 'closed' });
    const { request, Agent } = this.#url.protocol === 'https:' ? https : http;
    this.#agent ??= new Agent({ keepAlive: true });
    const sent = request(this.#url, {
      method: 'POST',
      agent: this.#agent,
      // Of names that differ in capitals only, the last is sent.
      headers: {
        'user-agent': `telemetry-flush-guard/${VERSION}`,
        ...this.#headers,
        'content-type': contentType,
        'content-length': body.byteLength,
        ...(this.#isCompressed ? { 'content-encoding': 'gzip' } : {}),
      },
    });
    const answer = answerTo(sent, leftMillis, timeoutMillis);
    sent.end(body);
    return answer;
  }
}

/** The time is for all of it: an endpoint that says a word now and then would be waited for without end if only silence was timed. */
function answerTo(sent: http.ClientRequest, leftMillis: number, timeoutMillis: number): Promise<RawAnswer> {
  return new Promise(resolve => {
    let fallback: RawAnswer = { error: `no answer within ${timeoutMillis} ms` };
    const timer = setTimeout(() => {
      settle(fallback);
      sent.destroy();
    }, leftMillis);
    timer.unref();
    const settle = (answer: RawAnswer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    sent.once('response', response => {
      const { statusCode: status = 0 } = response;
      const retryAfter = response.headers['retry-after'];
      const parts: Buffer[] = [];
      let length = 0;
      // The status alone says what has become of the request: if the rest does not come, that is the answer.
      fallback = { status, retryAfter, body: new Uint8Array() };
      response.on('data', (part: Buffer) => {
        length += part.length;
        parts.push(part);
        if (length <= LONGEST_BODY_BYTES) return;
        settle(fallback);
        response.destroy();
      });
      response.once('end', () => {
        settle({ status, retryAfter, body: Buffer.concat(parts) });
      });
      response.on('error', () => {
        settle(fallback);
      });
    });
    sent.on('error', error => {
      settle('status' in fallback ? fallback : { error: wordsOfError(error) });
    });
  });
}
