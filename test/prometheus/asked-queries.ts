import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from 'test-helpers/repository';
import type { Spelling } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { expand } from 'example-prometheus-grafana/dist/src/query/expand.js';
import { rehearsal } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import { isAlert } from 'example-prometheus-grafana/dist/src/rules/rule.js';
import { vitalsRules } from 'example-prometheus-grafana/dist/src/rules/rule-files.js';

/** A query of a rule or of a panel, and where it stands. */
export interface AskedQuery {
  /** `alert FDLeakDetected`, `fleet.json: Pauses by length`. */
  readonly where: string;
  readonly kind: 'recording' | 'alert' | 'panel' | 'annotation' | 'variable';
  readonly query: string;
}

const DASHBOARDS = join(repositoryRoot, 'examples', 'prometheus-grafana', 'dashboards');

/** The rules of a rehearsal. */
export function askedByRules(spelling: Spelling): AskedQuery[] {
  return vitalsRules(rehearsal).flatMap(({ rules }) =>
    rules.map(rule => ({
      where: isAlert(rule) ? `alert ${rule.alert}` : `record ${rule.record}`,
      kind: isAlert(rule) ? ('alert' as const) : ('recording' as const),
      query: expand(rule.query, { spelling }),
    })),
  );
}

interface DashboardJson {
  readonly panels: readonly PanelJson[];
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
  readonly templating: {
    readonly list: readonly {
      readonly name: string;
      readonly type: string;
      readonly query: string | { readonly query: string };
    }[];
  };
}

interface PanelJson {
  readonly title?: string;
  readonly targets?: readonly { readonly expr?: string }[];
  readonly panels?: readonly PanelJson[];
}

/**
 * Every query of the dashboards in one spelling, with Grafana's variables filled in.
 *
 * @throws Error if a variable is left: this does not know it
 */
export function askedByDashboards(
  spelling: Spelling,
  variables: Readonly<Record<string, string>>,
): AskedQuery[] {
  const files = readdirSync(DASHBOARDS).filter(
    name => name.endsWith('.json') && name.endsWith('.otlp.json') === (spelling === 'otlp'),
  );
  return files.flatMap(name => {
    const dashboard = JSON.parse(readFileSync(join(DASHBOARDS, name), 'utf8')) as DashboardJson;
    const shown = name.replace(/(\.otlp)?\.json$/, '');
    const { annotations, templating, panels } = dashboard;
    const asked = [
      ...panels.flatMap(queriesOf),
      ...annotations.list.map(({ name: title, expr }) => ({ title, kind: 'annotation' as const, expr })),
      ...templating.list.flatMap(({ name: title, type, query }) => {
        const [, selector] =
          /^label_values\((.*), *\w+\)$/.exec(typeof query === 'string' ? query : query.query) ?? [];
        return type === 'query' ? [{ title, kind: 'variable' as const, expr: selector }] : [];
      }),
    ];
    return asked.flatMap(({ title, kind, expr }) =>
      expr === undefined ? [] : [{ where: `${shown}: ${title}`, kind, query: filledIn(expr, variables) }],
    );
  });
}

interface Titled {
  readonly title: string;
  readonly kind: AskedQuery['kind'];
  readonly expr: string | undefined;
}

function queriesOf({ title = '', targets = [], panels = [] }: PanelJson): Titled[] {
  return [
    ...targets.map(({ expr }) => ({ title, kind: 'panel' as const, expr })),
    ...panels.flatMap(queriesOf),
  ];
}

function filledIn(query: string, variables: Readonly<Record<string, string>>): string {
  return query.replaceAll(/\$\{?(\w+)(?::\w+)?\}?/g, (text, name: string) => {
    const value = variables[name];
    if (value === undefined) throw new Error(`no value for ${text} of ${query}`);
    return value;
  });
}
