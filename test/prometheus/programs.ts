import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from 'test-helpers/repository';

/** Paths of the programs. */
export interface PrometheusPrograms {
  readonly prometheus: string;
  readonly promtool: string;
}

/**
 * A real Prometheus and its promtool, fetched from Debian if there is none.
 *
 * @throws Error if there is none and none can be had
 */
export async function prometheusPrograms(): Promise<PrometheusPrograms> {
  const path = join(repositoryRoot, 'scripts', 'lib', 'prometheus.mjs');
  const module = (await import(pathToFileURL(path).href)) as { prometheusPrograms(): PrometheusPrograms };
  return module.prometheusPrograms();
}
