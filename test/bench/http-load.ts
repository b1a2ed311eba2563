import { Agent, get } from 'node:http';

/** One request over `agent`, with its whole body. */
export function fetchBody(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => {
        resolve(body);
      });
      response.on('error', reject);
    }).on('error', reject);
  });
}

/**
 * A bounded load: `connections` clients, each asking again `pauseMillis` after its answer, until `signal` says stop.
 */
export async function applyLoad(
  url: string,
  { connections, pauseMillis, signal }: { connections: number; pauseMillis: number; signal: AbortSignal },
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const client = async (): Promise<void> => {
    while (!signal.aborted) {
      await fetchBody(url, agent);
      await new Promise(resolve => setTimeout(resolve, pauseMillis));
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  agent.destroy();
}

/** Requests for so long, `connections` of them under way at any time. Returns how many there were. */
export async function requestFor(
  millis: number,
  url: string,
  agent: Agent,
  connections: number,
): Promise<number> {
  const endMillis = performance.now() + millis;
  let requests = 0;
  const client = async (): Promise<void> => {
    while (performance.now() < endMillis) {
      await fetchBody(url, agent);
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return requests;
}
