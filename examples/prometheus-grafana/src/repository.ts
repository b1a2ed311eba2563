import { join } from 'node:path';

/** The root of the repository, from `examples/prometheus-grafana/dist/src`. */
export const repositoryRoot = join(__dirname, '..', '..', '..', '..');

/** The folder of this example: what is generated lies here, ready to be copied. */
export const exampleFolder = join(repositoryRoot, 'examples', 'prometheus-grafana');
