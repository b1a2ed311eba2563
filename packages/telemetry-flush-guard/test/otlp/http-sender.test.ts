import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { isTracingSuppressed } from '@opentelemetry/core';
import { expect } from 'chai';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OtlpIngestServer, REFUSING_ENDPOINT } from 'test-helpers/otlp-ingest-server';
import { runForJson } from 'test-helpers/run-fixture';
import type { Attempt } from '../../src/delivery/attempt.js';
import { attemptOfAnswer } from '../../src/otlp/http-answer.js';
import type { RawAnswer } from '../../src/otlp/http-answer.js';
import { OtlpHttpSender } from '../../src/otlp/http-sender.js';
import type { OtlpHttpSenderOptions } from '../../src/otlp/http-sender.js';
import { VERSION } from '../../src/version.js';
import { EXPORTERS } from './otlp-exporters.js';

const JSON_TYPE = 'application/json';
const { serializer, items } = EXPORTERS[0]!;
const spans = serializer.serializeRequest(items as never)!;

describe('a sender of OTLP over HTTP', () => {
  const undo: (() => void)[] = [];
  let server: OtlpIngestServer;
  beforeEach(async () => {
    server = await OtlpIngestServer.start();
    undo.push(() => {
      server.close();
    });
  });
  afterEach(() => {
    for (const act of undo.splice(0)) act();
  });

  function senderTo(endpoint: string, options: Partial<OtlpHttpSenderOptions> = {}): OtlpHttpSender {
    const sender = new OtlpHttpSender({ url: `${endpoint}/v1/traces`, ...options });
    undo.push(() => {
      sender.close();
    });
    return sender;
  }

  /** An endpoint of another kind. */
  async function listening(other: Server): Promise<string> {
    const sockets = new Set<Socket>();
    other.on('connection', socket => {
      sockets.add(socket);
      socket.on('error', () => {});
    });
    await once(other.listen(0, '127.0.0.1'), 'listening');
    undo.push(() => {
      for (const socket of sockets) socket.destroy();
      other.close();
    });
    return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  }

  const answeredBy = async (listener: RequestListener, timeoutMillis = 10_000): Promise<RawAnswer> =>
    senderTo(await listening(createServer(listener))).send(spans, JSON_TYPE, timeoutMillis);

  it('gives back status, Retry-After and body as they are', async () => {
    const sender = senderTo(server.endpoint);
    const body = Buffer.from('{}');
    expect(await sender.send(spans, JSON_TYPE)).to.deep.equal({ status: 200, retryAfter: undefined, body });
    expect([...server.received.spans.keys()]).to.deep.equal(['first', 'second', 'third']);
    server.mood = 'unavailable';
    expect(await sender.send(spans, JSON_TYPE)).to.include({ status: 503, retryAfter: '30' });
    server.mood = 'partial';
    expect(await sender.send(spans, JSON_TYPE)).to.deep.equal({
      status: 200,
      retryAfter: undefined,
      body: Buffer.from('{"partialSuccess":{"rejectedSpans":"1","errorMessage":"not these"}}'),
    });
  });

  it('sends each request once, and what has become of it is known', async () => {
    const outcomes: [OtlpIngestServer['mood'], Attempt][] = [
      ['error', { outcome: 'retry', why: 'HTTP 500: a bug' }],
      ['unauthorized', { outcome: 'retry', why: 'HTTP 401: who is that?' }],
      ['unavailable', { outcome: 'retry', why: 'HTTP 503: not now', afterMillis: 30_000 }],
      ['too many', { outcome: 'retry', why: 'HTTP 429: not so fast', afterMillis: 30_000 }],
      ['too large', { outcome: 'too_large', why: 'HTTP 413: more than 10 bytes' }],
      ['refusing', { outcome: 'refused', why: 'HTTP 400: something in it is wrong' }],
      ['never', { outcome: 'retry', why: 'no answer within 100 ms' }],
      ['slow', { outcome: 'delivered' }],
    ];
    server.maximumBytes = 10;
    server.slowMillis = 20;
    server.refused.add('second');
    for (const [mood, attempt] of outcomes) {
      server.mood = mood;
      server.log.length = 0;
      const answer = await senderTo(server.endpoint).send(spans, JSON_TYPE, mood === 'never' ? 100 : 10_000);
      expect(
        attemptOfAnswer(answer, () => undefined),
        mood,
      ).to.deep.equal(attempt);
      expect(server.log, mood).to.have.length(1);
    }
  });

  it('names the error of a connection that is reset, refused, or read by nobody', async () => {
    for (const mood of ['reset', 'reset after'] as const) {
      server.mood = mood;
      expect(await senderTo(server.endpoint).send(spans, JSON_TYPE), mood).to.deep.equal({
        error: 'read ECONNRESET',
      });
    }
    expect(server.log).to.have.length(2);
    expect(await senderTo(REFUSING_ENDPOINT).send(spans, JSON_TYPE)).to.deep.equal({
      error: 'connect ECONNREFUSED 127.0.0.1:1',
    });
    server.mood = 'black hole';
    expect(await senderTo(server.endpoint, { timeoutMillis: 100 }).send(spans, JSON_TYPE)).to.deep.equal({
      error: 'no answer within 100 ms',
    });
  });

  it('sends its headers, and nobody can change those of the body', async () => {
    const sender = senderTo(server.endpoint, {
      headers: { 'Api-Key': 'secret', 'Content-Type': 'text/plain', 'CONTENT-LENGTH': '1' },
    });
    await sender.send(spans, JSON_TYPE);
    expect(server.log[0]!.headers).to.include({
      'api-key': 'secret',
      'content-type': JSON_TYPE,
      'content-length': String(spans.byteLength),
      'user-agent': `telemetry-flush-guard/${VERSION}`,
    });
    expect(server.log[0]!.headers).not.to.have.property('content-encoding');
    await senderTo(server.endpoint, { headers: { 'User-Agent': 'mine' } }).send(spans, JSON_TYPE);
    expect(server.log[1]!.headers).to.include({ 'user-agent': 'mine' });
  });

  it('compresses if it is told to', async () => {
    await senderTo(server.endpoint, { compression: 'gzip' }).send(spans, JSON_TYPE);
    const [request] = server.log;
    expect(request!.headers['content-encoding']).to.equal('gzip');
    expect(request!.bytes).to.equal(Number(request!.headers['content-length']));
    expect(request!.bytes).to.be.below(spans.byteLength);
    expect(request!.items).to.deep.equal(['first', 'second', 'third']);
  });

  it('uses a connection again, opens the first when there is something to send, and closes all of them', async () => {
    const sender = senderTo(server.endpoint);
    expect(server.connections).to.equal(0);
    for (let round = 0; round < 3; round += 1) await sender.send(spans, JSON_TYPE);
    expect(server.requests).to.equal(3);
    expect(server.connections).to.equal(1);
    sender.close();
    while (server.connections > 0) await nextTurn();
    expect(await sender.send(spans, JSON_TYPE)).to.deep.equal({ error: 'closed' });
    expect(server.requests).to.equal(3);
  });

  it('gives up what is under way when it is closed', async () => {
    server.mood = 'never';
    const sender = senderTo(server.endpoint);
    const answer = sender.send(spans, JSON_TYPE);
    while (server.requests === 0) await nextTurn();
    sender.close();
    expect(await answer).to.deep.equal({ error: 'ECONNRESET: socket hang up' });
  });

  it('does not wait longer in all because there is a word now and then', async () => {
    const trickle = createTcpServer(socket => {
      socket.write('HTTP/1.1 200 OK\r\nx: ');
      const timer = setInterval(() => socket.write('x'), 10);
      socket.once('close', () => {
        clearInterval(timer);
      });
      socket.resume();
    });
    const sender = senderTo(await listening(trickle));
    expect(await sender.send(spans, JSON_TYPE, 150)).to.deep.equal({ error: 'no answer within 150 ms' });
  });

  it('goes by the status when the body does not come to its end, is cut off, or is too long', async () => {
    const only = (status: number): RawAnswer => ({ status, retryAfter: '9', body: new Uint8Array() });
    const head = { 'retry-after': '9' };
    const isUnfinished = answeredBy((_, response) => response.writeHead(200, head).write('x'), 150);
    expect(await isUnfinished).to.deep.equal(only(200));
    const isCutOff = answeredBy((_, response) => {
      response.writeHead(503, { ...head, 'content-length': 1_000 }).write('x');
      setImmediate(() => response.destroy());
    });
    expect(await isCutOff).to.deep.equal(only(503));
    const isTooLong = answeredBy((_, response) =>
      response.writeHead(200, head).end(Buffer.alloc(40_000_000)),
    );
    expect(await isTooLong).to.deep.equal(only(200));
  });

  it('leaves no connection behind on which something may still come', async () => {
    server.mood = 'never';
    expect(await senderTo(server.endpoint).send(spans, JSON_TYPE, 50)).to.have.property('error');
    while (server.connections > 0) await nextTurn();
    const talker = createServer((_, response) => response.end(Buffer.alloc(40_000_000)));
    talker.keepAliveTimeout = 0;
    expect(await senderTo(await listening(talker)).send(spans, JSON_TYPE)).to.include({ status: 200 });
    const connections = promisify(talker.getConnections.bind(talker));
    while ((await connections()) > 0) await nextTurn();
  });

  it('goes by the status when the connection is reset while the request is still being sent', async () => {
    const endpoint = await listening(
      createServer((request, response) => {
        response.writeHead(413, { 'content-length': 1_000 }).write('x');
        setTimeout(() => request.socket.resetAndDestroy(), 50);
      }),
    );
    const answer = await senderTo(endpoint).send(Buffer.alloc(40_000_000), JSON_TYPE);
    expect(answer).to.deep.equal({ status: 413, retryAfter: undefined, body: new Uint8Array() });
  });

  it('does not follow redirections: credentials are for nobody else', async () => {
    const elsewhere = { location: `${server.endpoint}/v1/traces` };
    const answer = await answeredBy((_, response) => response.writeHead(307, elsewhere).end());
    expect(answer).to.include({ status: 307 });
    expect(server.requests).to.equal(0);
  });

  it('speaks TLS when the URL says so', async () => {
    const first: (number | undefined)[] = [];
    const door = createTcpServer(socket => {
      socket.once('data', part => {
        first.push(part[0]);
        socket.destroy();
      });
    });
    const endpoint = await listening(door);
    expect(await senderTo(endpoint.replace('http:', 'https:')).send(spans, JSON_TYPE)).to.have.property(
      'error',
    );
    // 22 is "handshake" (https://www.rfc-editor.org/rfc/rfc8446#section-5.1).
    expect(first).to.deep.equal([22]);
  });

  it('never rejects: what cannot be sent is an error as well', async () => {
    const sender = senderTo(server.endpoint, { headers: { key: 'of\ntwo lines' } });
    expect(await sender.send(spans, JSON_TYPE)).to.deep.equal({
      error: 'ERR_INVALID_CHAR: Invalid character in header content ["key"]',
    });
    expect(server.requests).to.equal(0);
  });

  it('takes no other URL, and does not repeat it', () => {
    for (const url of ['', 'me:secret', 'localhost:4318', 'ftp://me:secret@host/', 'unix:/run/socket'])
      expect(() => new OtlpHttpSender({ url }), url).to.throw(
        TypeError,
        /^url must be a URL of http or https$/,
      );
  });

  it('is not traced', async () => {
    const suppressed: boolean[] = [];
    const onStart = (): void => {
      suppressed.push(isTracingSuppressed(context.active()));
    };
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    subscribe('http.client.request.start', onStart);
    try {
      for (const compression of ['none', 'gzip'] as const)
        await context.with(ROOT_CONTEXT, () =>
          senderTo(server.endpoint, { compression }).send(spans, JSON_TYPE),
        );
    } finally {
      unsubscribe('http.client.request.start', onStart);
      context.disable();
    }
    expect(suppressed).to.deep.equal([true, true]);
  });

  it('keeps the process alive for an answer, and not longer', async () => {
    server.mood = 'slow';
    server.slowMillis = 200;
    const script = join(__dirname, 'fixtures', 'one-request.js');
    expect(await runForJson(script, { args: [`${server.endpoint}/v1/traces`] })).to.deep.equal({
      answer: 200,
      meanwhile: true,
      afterwards: false,
    });
  });
});
