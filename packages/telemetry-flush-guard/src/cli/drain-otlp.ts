import type { Signal } from '../items/item-codec.js';
import { attemptOfAnswer } from '../otlp/http-answer.js';
import { environmentOf } from '../otlp/http-environment.js';
import { OtlpHttpSender } from '../otlp/http-sender.js';
import type { DrainRoute, DrainTarget } from './drain-target.js';

/** As long as OTLP's exporters wait for an answer. */
const DEFAULT_ATTEMPT_MILLIS = 10_000;

const SIGNALS = ['span', 'log', 'metric'] as const;
const WORDS = { span: 'spans', log: 'logs', metric: 'metrics' } as const;
const VARIABLES = { span: 'TRACES', log: 'LOGS', metric: 'METRICS' } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What is to be known of an endpoint that is set up, or why it is none. */
export type OtlpTarget =
  { readonly target: DrainTarget; readonly warnings: readonly string[] } | { readonly problem: string };

/**
 * An endpoint of OTLP over HTTP: the given one, else that of the environment.
 *
 * @param url that of all signals
 * @param headers beside those of the environment
 */
export function otlpTarget(
  url: string | undefined,
  headers: Readonly<Record<string, string>>,
  env: Environment,
): OtlpTarget {
  const senders: OtlpHttpSender[] = [];
  const routes = new Map<Signal, DrainRoute>();
  const warnings = new Set<string>();
  for (const signal of SIGNALS) {
    const grpc = url === undefined ? grpcIn(signal, env) : undefined;
    if (grpc !== undefined) {
      return { problem: `${grpc} is grpc, which drain does not speak: give an endpoint with --to otlp URL` };
    }
    const set = environmentOf(signal, url === undefined ? env : withEndpoint(signal, url, env));
    for (const warning of set.warnings) warnings.add(warning);
    if (set.url === undefined) continue;
    const all = { ...set.headers, ...headers };
    const sender = new OtlpHttpSender({ url: set.url, headers: all, compression: set.compression });
    senders.push(sender);
    const hide = hiding([...Object.values(all), ...secretsIn(set.url)]);
    const { origin, pathname } = new URL(set.url);
    routes.set(signal, {
      to: `${origin}${pathname}`,
      endpoint: origin,
      timeoutMillis: set.timeoutMillis ?? DEFAULT_ATTEMPT_MILLIS,
      async send(body, timeoutMillis, rejectedIn) {
        const answer = await sender.send(body, 'application/x-protobuf', timeoutMillis);
        const attempt = attemptOfAnswer(answer, rejectedIn);
        return attempt.why === undefined ? attempt : { ...attempt, why: hide(attempt.why) };
      },
    });
  }
  if (routes.size === 0) {
    const why = [...warnings].map(warning => `; ${warning}`).join('');
    return {
      problem: `where to? Give --to otlp URL, --to file PATH, or set OTEL_EXPORTER_OTLP_ENDPOINT${why}`,
    };
  }
  const target: DrainTarget = {
    format: 'protobuf',
    brokenBy: undefined,
    routeOf: signal => routes.get(signal) ?? `no endpoint for ${WORDS[signal]}`,
    close() {
      for (const sender of senders) sender.close();
      return Promise.resolve();
    },
  };
  return { target, warnings: [...warnings] };
}

/** The variable that asks for gRPC, if one does. */
function grpcIn(signal: Signal, env: Environment): string | undefined {
  const own = `OTEL_EXPORTER_OTLP_${VARIABLES[signal]}_PROTOCOL`;
  const name = (env[own] ?? '').trim() === '' ? 'OTEL_EXPORTER_OTLP_PROTOCOL' : own;
  return env[name]?.trim() === 'grpc' ? name : undefined;
}

function withEndpoint(signal: Signal, url: string, env: Environment): Environment {
  return {
    ...env,
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    [`OTEL_EXPORTER_OTLP_${VARIABLES[signal]}_ENDPOINT`]: undefined,
  };
}

function secretsIn(url: string): string[] {
  const { username, password, searchParams } = new URL(url);
  return [
    username,
    password,
    decodeURIComponent(username),
    decodeURIComponent(password),
    ...searchParams.values(),
  ];
}

/** Shorter ones are no secrets, and would hide words. */
const SHORTEST_SECRET = 6;

/** What an endpoint answers may repeat what it was sent. */
function hiding(values: readonly string[]): (text: string) => string {
  const secrets = values
    .flatMap(value => [value, ...value.split(/\s+/)])
    .filter(value => value.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length);
  return text => secrets.reduce((hidden, secret) => hidden.replaceAll(secret, '…'), text);
}
