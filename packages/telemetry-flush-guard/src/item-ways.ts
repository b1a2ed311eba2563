import { exporterDeliverer } from './delivery/exporter-deliverer.js';
import type { ExporterLike } from './delivery/exporter.js';
import type { Destination } from './guard-lanes.js';
import type { ItemCodec } from './items/item-codec.js';
import { itemForm } from './items/item-form.js';
import type { ItemForm } from './items/item-form.js';
import { logCodec } from './items/log-codec.js';
import type { LogRecordLike, SpanLike } from './items/otel-types.js';
import { spanCodec } from './items/span-codec.js';
import { encodedOnce } from './otlp/encoded-once.js';
import { otlpEncodings } from './otlp/otlp-encoding.js';
import type { OtlpEncoding } from './otlp/otlp-encoding.js';
import { logSamples, spanSamples } from './otlp/samples.js';
import { decoderOf } from './otlp/spooled-formats.js';

/** An exporter of another kind is given as long as the SDK's own processors give it: it may try again by itself. */
const EXPORT_MILLIS = 30_000;
/** As long as OTLP's exporters wait for an answer. */
const OTLP_MILLIS = 10_000;

/** What becomes of items on the way to one exporter. `never`: whatever waits of them is the form's and the deliverer's business alone. */
export interface ItemWay<Item> {
  readonly form: ItemForm<Item, never>;
  readonly destination: Destination<never>;
}

export function spanWay(exporter: ExporterLike<never>): ItemWay<SpanLike> {
  const { protobuf, json } = otlpEncodings;
  return wayTo(exporter, spanCodec, { protobuf: protobuf.span, json: json.span }, spanSamples);
}

export function logWay(exporter: ExporterLike<never>): ItemWay<LogRecordLike> {
  const { protobuf, json } = otlpEncodings;
  return wayTo(exporter, logCodec, { protobuf: protobuf.log, json: json.log }, logSamples);
}

/** To an exporter of OTLP as bytes, encoded once; to any other as objects. */
function wayTo<Item>(
  exporter: ExporterLike<never>,
  codec: ItemCodec<Item>,
  encodings: Readonly<Record<'protobuf' | 'json', OtlpEncoding<Item>>>,
  samples: () => readonly Item[],
): ItemWay<Item> {
  const decode = decoderOf(codec, encodings.protobuf, encodings.json);
  const once = encodedOnce(exporter, encodings, codec, decode, samples);
  if (once === undefined) {
    const deliverer = exporterDeliverer(exporter as unknown as ExporterLike<Item>);
    return {
      form: itemForm(codec, decode) as unknown as ItemForm<Item, never>,
      destination: { deliverer, timeoutMillis: EXPORT_MILLIS },
    };
  }
  return {
    form: once.form as unknown as ItemForm<Item, never>,
    destination: { deliverer: once.deliverer, endpoint: once.endpoint, timeoutMillis: OTLP_MILLIS },
  };
}
