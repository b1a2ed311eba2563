import type { Attempt, Deliverer } from '../delivery/attempt.js';
import type { ItemCodec, Signal } from '../items/item-codec.js';
import type { ItemForm } from '../items/item-form.js';
import { logCodec } from '../items/log-codec.js';
import { spanCodec } from '../items/span-codec.js';
import type { RejectedIn } from '../otlp/http-answer.js';
import { OtlpDeliverer } from '../otlp/otlp-deliverer.js';
import { otlpEncodings } from '../otlp/otlp-encoding.js';
import type { OtlpEncoding } from '../otlp/otlp-encoding.js';
import { otlpForm } from '../otlp/otlp-form.js';
import type { EncodedItem } from '../otlp/otlp-form.js';
import { decoderOf } from '../otlp/spooled-formats.js';

/** Where OTLP has each signal, behind the URL that is that of all. */
export const OTLP_PATHS: Readonly<Record<Signal, string>> = {
  span: 'v1/traces',
  log: 'v1/logs',
  metric: 'v1/metrics',
};

/** Sends a request, once. Never rejects. */
export type SendRequest = (
  body: Uint8Array,
  timeoutMillis: number,
  rejectedIn: RejectedIn,
) => Promise<Attempt>;

/** What becomes of the items of a lane on their way out. */
export interface DrainWay {
  readonly form: ItemForm<never, EncodedItem>;
  readonly deliverer: Deliverer<EncodedItem>;
}

type Format = 'protobuf' | 'json';
type MakeWay = (format: Format, send: SendRequest) => DrainWay;

/** The one place to enter an encoding of another signal. Metrics have none yet: they are left alone. */
const WAYS: Readonly<Partial<Record<Signal, MakeWay>>> = {
  span: wayOf(spanCodec, { protobuf: otlpEncodings.protobuf.span, json: otlpEncodings.json.span }),
  log: wayOf(logCodec, { protobuf: otlpEncodings.protobuf.log, json: otlpEncodings.json.log }),
};

/** Undefined if its items cannot be written as OTLP. */
export function wayOfSignal(signal: Signal, format: Format, send: SendRequest): DrainWay | undefined {
  return WAYS[signal]?.(format, send);
}

/** What is in a lane, by its name: `spans`, `logs-2`. Undefined if the name says nothing to us. */
export function signalOfLane(lane: string): Signal | undefined {
  const [, kind] = /^(spans|logs|metrics)(?:-|$)/.exec(lane) ?? [];
  return kind === undefined ? undefined : KINDS[kind];
}

const KINDS: Readonly<Record<string, Signal>> = { spans: 'span', logs: 'log', metrics: 'metric' };

/** What was written in the format that is sent goes out as it is; what was not is converted. */
function wayOf<Item>(
  codec: ItemCodec<Item>,
  encodings: Readonly<Record<Format, OtlpEncoding<Item>>>,
): MakeWay {
  const decode = decoderOf(codec, encodings.protobuf, encodings.json);
  return (format, send) => {
    const encoding = encodings[format];
    const route = {
      send: (body: Uint8Array, timeoutMillis: number) =>
        send(body, timeoutMillis, response => encoding.rejectedIn(response)),
    };
    return {
      form: otlpForm(encoding, item => codec.originOf(item), decode),
      // Whoever made the route closes it: lanes share it.
      deliverer: new OtlpDeliverer(encoding, route, { shutdown: () => Promise.resolve() }),
    };
  };
}
