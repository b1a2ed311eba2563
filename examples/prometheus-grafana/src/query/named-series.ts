import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** A selector of a query: what it asks Prometheus for. */
export interface NamedSeries {
  readonly name: string;
  /** Labels that it matches, with the text of each matcher. */
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

/** A query, taken apart by the parser of Prometheus' own user interface. */
export interface ParsedQuery {
  readonly series: readonly NamedSeries[];
  /** Labels that are grouped by, joined on or aggregated away. */
  readonly groupingLabels: readonly string[];
}

/** @throws SyntaxError if it is not PromQL, with the place */
export function parseQuery(query: string): ParsedQuery {
  const series: NamedSeries[] = [];
  const groupingLabels = new Set<string>();
  const textOf = ({ from, to }: { from: number; to: number }): string => query.slice(from, to);
  parser.parse(query).iterate({
    enter: ({ type, from, to, node }) => {
      if (type.isError) {
        throw new SyntaxError(`not PromQL at "${query.slice(Math.max(0, from - 20), to + 20)}": ${query}`);
      }
      if (type.name === 'VectorSelector') series.push(selectorAt(node, textOf));
      if (type.name === 'GroupingLabels') {
        for (const label of node.getChildren('LabelName')) groupingLabels.add(textOf(label));
      }
    },
  });
  return { series, groupingLabels: [...groupingLabels] };
}

function selectorAt(node: SyntaxNode, textOf: (range: { from: number; to: number }) => string): NamedSeries {
  const name = node.getChild('Identifier');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return {
    name: name === null ? '' : textOf(name),
    matchers: matchers.map(matcher => {
      const [, label = '', operator = '', value = ''] =
        /^(\w+)\s*(=~|!~|!=|=)\s*["'](.*)["']$/s.exec(textOf(matcher)) ?? [];
      return { label, operator, value };
    }),
  };
}
