import { parser } from '@prometheus-io/lezer-promql';
import type { RenderedRule } from './rule-rendering.js';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A rule with one thing changed. */
export interface Mutant {
  readonly rule: string;
  /** What is changed, and where: `[5m] → [10m] in delta(`. The same in both spellings but for the names of metrics. */
  readonly change: string;
  readonly mutated: RenderedRule;
}

/** Every rule that is one small mistake away from this one. */
export function mutantsOf(rule: RenderedRule): Mutant[] {
  const name = rule.alert ?? rule.record ?? '';
  return [
    ...expressionsNear(rule.expr).map(({ expr, change }) => ({ change, mutated: { ...rule, expr } })),
    ...(rule.alert === undefined ? [] : alertsNear(rule)),
  ].map(mutant => ({ rule: name, ...mutant }));
}

function alertsNear(rule: RenderedRule): Omit<Mutant, 'rule'>[] {
  const durations = rule.for === '0m' ? ['1m', '5m'] : ['0m', scaled(rule.for!, 2), scaled(rule.for!, 0.5)];
  const severities = ['info', 'warning', 'critical'].filter(other => other !== rule.labels!['severity']);
  const { description = '' } = rule.annotations!;
  const plain = description.replaceAll(/\{\{ \$value \|[^}]*\}\}/g, '{{ $value }}');
  return [
    ...durations.map(other => ({ change: `for ${rule.for} → ${other}`, mutated: { ...rule, for: other } })),
    ...severities.map(severity => ({
      change: `severity → ${severity}`,
      mutated: { ...rule, labels: { severity } },
    })),
    {
      change: 'the value as it is',
      mutated: { ...rule, annotations: { ...rule.annotations, description: plain } },
    },
  ].filter(({ mutated }) => JSON.stringify(mutated) !== JSON.stringify(rule));
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

function expressionsNear(expr: string): { expr: string; change: string }[] {
  const near: { expr: string; change: string }[] = [];
  parser.parse(expr).iterate({
    enter: ({ node }) => {
      for (const { from, to, text } of editsAt(node, expr)) {
        const place = expr.slice(Math.max(0, from - 60), from).replaceAll(/\s+/g, ' ');
        const what = expr.slice(from, to).replaceAll(/\s+/g, ' ');
        near.push({
          expr: expr.slice(0, from) + text + expr.slice(to),
          change: `${what} → ${text.replaceAll(/\s+/g, ' ') || 'nothing'} after "${place}"`,
        });
      }
    },
  });
  return near;
}

const OTHER_WORDS: Readonly<Record<string, readonly string[]>> = {
  Gtr: ['<', '>='],
  Lss: ['>', '<='],
  Eql: ['!='],
  Neq: ['=='],
  And: ['unless'],
  Unless: ['and'],
  Add: ['-'],
  Sub: ['+'],
  Mul: ['/'],
  Div: ['*'],
  Max: ['min', 'sum', 'avg'],
  Min: ['max', 'sum'],
  Sum: ['avg', 'max'],
  Count: ['sum'],
  Rate: ['increase', 'irate'],
  Increase: ['rate', 'irate'],
  Delta: ['idelta', 'increase'],
  Deriv: ['delta'],
  Resets: ['changes'],
  Changes: ['resets'],
  LastOverTime: ['max_over_time', 'min_over_time'],
};

function editsAt(node: SyntaxNode, expr: string): Edit[] {
  const text = expr.slice(node.from, node.to);
  const instead = (...texts: string[]): Edit[] =>
    texts.map(other => ({ from: node.from, to: node.to, text: other }));
  const words = OTHER_WORDS[node.type.name];
  if (words !== undefined) return node.parent?.type.name === 'MatchOp' ? [] : instead(...words);
  switch (node.type.name) {
    case 'NumberDurationLiteral':
      return instead(...numbersNear(Number(text), node));
    case 'NumberDurationLiteralInDurationContext':
      return instead(scaled(text, 2), scaled(text, 0.5));
    case 'OffsetExpr':
      return instead(text.slice(0, text.lastIndexOf(' offset ')));
    case 'BinaryExpr':
      return instead(...halves(node, expr));
    case 'FunctionCall':
      return text.startsWith('round(') ? instead(text.slice('round('.length, -1)) : [];
    case 'UnquotedLabelMatcher':
      return matchersNear(node, text);
    case 'LabelName':
      return node.parent?.type.name === 'GroupingLabels' ? [withoutLabel(node, expr)] : [];
    default:
      return [];
  }
}

function numbersNear(value: number, node: SyntaxNode): string[] {
  if (value === 0) return ['1'];
  const isQuantile = /^(?:FunctionCallBody)$/.test(node.parent?.type.name ?? '') && value < 1;
  if (isQuantile) return [String(value - 0.05), String((1 + value) / 2)];
  return [1.2, 0.8].map(factor => String(Number((value * factor).toPrecision(12))));
}

/** Both sides of `and`, `or` and `unless`, each alone. */
function halves(node: SyntaxNode, expr: string): string[] {
  const isSet = ['And', 'Or', 'Unless'].some(name => node.getChild(name) !== null);
  const [left, right] = [node.firstChild, node.lastChild];
  if (!isSet || left === null || right === null) return [];
  const leftText = expr.slice(left.from, left.to);
  return node.getChild('Or') === null ? [leftText] : [leftText, expr.slice(right.from, right.to)];
}

function matchersNear(node: SyntaxNode, text: string): Edit[] {
  const [, label = '', operator = '', value = ''] = /^(\w+)(=~|!~|!=|=)"(.*)"$/.exec(text) ?? [];
  const choices = value.split('|');
  const fewer =
    operator === '=~' && choices.length > 1 && !value.startsWith('(')
      ? choices.map(choice => `${label}=~"${choices.filter(other => other !== choice).join('|')}"`)
      : [];
  const strict = value.endsWith(')?') ? [`${label}="${value.slice(1, -2)}"`] : [];
  const opposite = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' }[operator] ?? operator;
  return [...fewer, ...strict, `${label}${opposite}"${value}"`, `${label}=~".*"`].map(other => ({
    from: node.from,
    to: node.to,
    text: other,
  }));
}

function withoutLabel(node: SyntaxNode, expr: string): Edit {
  const list = node.parent!;
  const kept = list.getChildren('LabelName').filter(other => other.from !== node.from);
  return {
    from: list.from,
    to: list.to,
    text: `(${kept.map(({ from, to }) => expr.slice(from, to)).join(', ')})`,
  };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

function scaled(duration: string, factor: number): string {
  const seconds = [...duration.matchAll(/(\d+)([smh])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS[unit!]!,
    0,
  );
  return `${seconds * factor}s`;
}
