import { expand } from './query/expand.js';
import { production } from './rules/pace.js';
import { allAlerts } from './rules/rule-files.js';
import type { AlertRule } from './rules/rule.js';

/**
 * The runbooks with the rule of each alert as it is, between `<!-- rule NAME -->` and `<!-- /rule NAME -->`.
 *
 * @throws Error if an alert has no such place, or one has no alert
 */
export function withRules(runbooks: string): string {
  const alerts = new Map(allAlerts(production).map(rule => [rule.alert, rule]));
  const seen = new Set<string>();
  const text = runbooks.replaceAll(/<!-- rule (\w+) -->\n[^]*?<!-- \/rule \1 -->/g, (_, name: string) => {
    const rule = alerts.get(name);
    if (rule === undefined) throw new Error(`docs/runbooks.md: there is no alert ${name}`);
    seen.add(name);
    return `<!-- rule ${name} -->\n\n${section(rule)}\n<!-- /rule ${name} -->`;
  });
  const missing = [...alerts.keys()].filter(name => !seen.has(name));
  if (missing.length > 0) throw new Error(`docs/runbooks.md has no place for ${missing.join(', ')}`);
  return text;
}

function section({ query, severity, for: duration }: AlertRule): string {
  const expression = expand(query, { spelling: 'exporter' });
  const waits = /^0\D$/.test(duration) ? 'at once' : `after ${duration}`;
  return `\`${severity}\`, ${waits}:\n\n\`\`\`promql\n${expression}\n\`\`\`\n`;
}
