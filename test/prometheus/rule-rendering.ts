import { parse } from 'yaml';
import { production } from 'example-prometheus-grafana/dist/src/rules/pace.js';
import type { Spelling } from 'example-prometheus-grafana/dist/src/catalogue/spelling.js';
import { ruleFile } from 'example-prometheus-grafana/dist/src/rules/rule-files.js';
import type { RuleGroup } from 'example-prometheus-grafana/dist/src/rules/rule.js';

/** A rule as it is in a rule file. */
export interface RenderedRule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface RenderedGroup {
  readonly name: string;
  readonly rules: readonly RenderedRule[];
}

/** The groups of a rule file, as Prometheus reads them. */
export function renderedGroups(groups: readonly RuleGroup[], spelling: Spelling): readonly RenderedGroup[] {
  const file = parse(ruleFile(groups, production, spelling)) as { groups: readonly RenderedGroup[] };
  return file.groups;
}

/** The name of an alert or of what is recorded. */
export function nameOf({ alert, record }: RenderedRule): string {
  return alert ?? record ?? '';
}
