/** A link of a Markdown text, or an image. */
export interface MarkdownLink {
  readonly target: string;
  readonly line: number;
}

/** The links of a Markdown text that stand outside of code. */
export function markdownLinks(text: string): MarkdownLink[] {
  const links: MarkdownLink[] = [];
  proseLines(text).forEach((prose, index) => {
    const withoutCode = prose.replace(/`[^`]*`/g, 'code');
    for (const [, target] of withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g))
      links.push({ target: target!, line: index + 1 });
    const definition = /^\s*\[[^\]]+\]:\s*(\S+)/.exec(withoutCode);
    if (definition !== null) links.push({ target: definition[1]!, line: index + 1 });
  });
  return links;
}

/** The anchors of a Markdown text's headings, as GitHub makes them. */
export function markdownAnchors(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of proseLines(text)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    let unique = slug;
    for (let n = 1; anchors.has(unique); n += 1) unique = `${slug}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}

/** The commands of a Markdown text's `sh` blocks, without comments and prompts. */
export function shellCommands(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash|shell)\n([\s\S]*?)^```$/gm)].map(match => match[1]!);
  return blocks
    .flatMap(block => block.replaceAll('\\\n', ' ').split('\n'))
    .map(line =>
      line
        .replace(/(^|\s)#.*$/, '')
        .replace(/^\$ /, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter(line => line !== '');
}

/** The lines of a text, with those of code blocks emptied. */
function proseLines(text: string): string[] {
  let inCode = false;
  return text.split('\n').map(line => {
    const isFence = /^\s*(```|~~~)/.test(line);
    if (isFence) inCode = !inCode;
    return isFence || inCode ? '' : line;
  });
}
