/** A series with one value. */
export interface InstantSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly atSeconds: number;
  readonly value: number;
}

/** A series with its values in the order of time. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

export interface Point {
  readonly atSeconds: number;
  readonly value: number;
}

/** A rule as Prometheus has it loaded. */
export interface LoadedRule {
  readonly name: string;
  readonly type: 'alerting' | 'recording';
  readonly query: string;
  readonly health: string;
  readonly lastError?: string;
  /** Seconds that its latest evaluation took. */
  readonly evaluationTime: number;
  readonly lastEvaluation: string;
}

/** An alert that is pending or firing. */
export interface ActiveAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
}

/** What is scraped. */
export interface ActiveTarget {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: 'up' | 'down' | 'unknown';
  readonly lastError: string;
}

type WirePoint = readonly [atSeconds: number, value: string];

/** The HTTP API of a Prometheus: https://prometheus.io/docs/prometheus/2.42/querying/api/ */
export class PrometheusApi {
  readonly url: string;

  /** @param url without a slash in the end */
  constructor(url: string) {
    this.url = url;
  }

  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/-/ready`)).ok;
    } catch {
      return false;
    }
  }

  /**
   * An instant vector, or a scalar as one series without labels.
   *
   * @throws Error with the query and what Prometheus says of it
   */
  async query(query: string, atSeconds?: number): Promise<InstantSample[]> {
    const data = await this.#queryData(query, atSeconds);
    if (data.resultType === 'scalar') return [{ labels: {}, ...pointOf(data.result as WirePoint) }];
    return (data.result as { metric: Record<string, string>; value: WirePoint }[]).map(
      ({ metric, value }) => ({ labels: metric, ...pointOf(value) }),
    );
  }

  /** What was ingested, sample by sample: `up[1m]`. */
  async rawSamples(rangeSelector: string, atSeconds?: number): Promise<Series[]> {
    const data = await this.#queryData(rangeSelector, atSeconds);
    return matrixOf(data.result);
  }

  async queryRange(
    query: string,
    range: { readonly startSeconds: number; readonly endSeconds: number; readonly stepSeconds: number },
  ): Promise<Series[]> {
    const data = await this.#get<{ result: unknown }>('query_range', {
      query,
      start: String(range.startSeconds),
      end: String(range.endSeconds),
      step: String(range.stepSeconds),
    });
    return matrixOf(data.result);
  }

  async rules(): Promise<LoadedRule[]> {
    const { groups } = await this.#get<{ groups: { rules: LoadedRule[] }[] }>('rules');
    return groups.flatMap(({ rules }) => rules);
  }

  async alerts(): Promise<ActiveAlert[]> {
    const { alerts } = await this.#get<{ alerts: ActiveAlert[] }>('alerts');
    return alerts;
  }

  async targets(): Promise<ActiveTarget[]> {
    const { activeTargets } = await this.#get<{ activeTargets: ActiveTarget[] }>('targets', {
      state: 'active',
    });
    return activeTargets;
  }

  /** Names of all series there are. */
  async seriesNames(): Promise<string[]> {
    return this.#get<string[]>('label/__name__/values');
  }

  /** A metric of its own, from its own `/metrics`. */
  async ownMetric(name: string): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  async #queryData(query: string, atSeconds?: number): Promise<{ resultType: string; result: unknown }> {
    return this.#get('query', { query, ...(atSeconds === undefined ? {} : { time: String(atSeconds) }) });
  }

  async #get<Data>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const body = (await response.json()) as { status: string; data: Data; error?: string };
    if (body.status === 'success') return body.data;
    throw new Error(`${body.error ?? response.statusText}: ${parameters['query'] ?? path}`);
  }
}

function matrixOf(result: unknown): Series[] {
  return (result as { metric: Record<string, string>; values: WirePoint[] }[]).map(({ metric, values }) => ({
    labels: metric,
    points: values.map(pointOf),
  }));
}

function pointOf([atSeconds, text]: WirePoint): Point {
  return { atSeconds, value: text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text) };
}
