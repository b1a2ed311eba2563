import { catalogue } from 'example-prometheus-grafana/dist/src/catalogue/catalogue.js';
import { prometheusName, sampleNames } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';

/** Names in the exporter's spelling → in that of OTLP: families and the names of lines. */
const respelled = new Map(
  catalogue.flatMap(metric => {
    const names = (spelling: 'exporter' | 'otlp'): string[] => [
      prometheusName(metric, spelling),
      ...sampleNames(metric, spelling),
    ];
    const others = names('otlp');
    return names('exporter').map((name, index) => [name, others[index]!] as const);
  }),
);

/** What the exporter of OpenTelemetry exposes, with the names that the same metrics have when they come by OTLP. */
export function respelledForOtlp(text: string): string {
  return text.replaceAll(
    /^(# (?:HELP|TYPE|UNIT) )?([a-zA-Z_:][\w:]*)/gm,
    (_, comment: string | undefined, name: string) => `${comment ?? ''}${respelled.get(name) ?? name}`,
  );
}
