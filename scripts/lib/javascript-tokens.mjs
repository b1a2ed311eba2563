import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';

const ts = createRequire(import.meta.url)('typescript');

/** @typedef {{ text: string, before: '' | ' ' | '\n' }} Token `before`: what is between it and the token in front of it */

/** A file as TypeScript sees it. */
export function parsedJavaScript(text) {
  return ts.createSourceFile('file.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
}

/**
 * The tokens of some nodes of a file, without comments.
 *
 * @param {import('typescript').SourceFile} source
 * @param {readonly import('typescript').Node[]} nodes that follow each other
 * @param {(node: import('typescript').Node) => string[] | undefined} replace what stands for a node, if not it itself
 * @returns {Token[]}
 */
export function tokensOf(source, nodes = [source], replace = () => undefined) {
  const tokens = [];
  let end = nodes[0]?.getFullStart() ?? 0;
  const add = node => {
    if (ts.isJSDoc(node)) return;
    const texts = replace(node);
    const children = texts === undefined ? node.getChildren(source) : [];
    if (children.length > 0) {
      children.forEach(add);
      return;
    }
    const own = node.getText(source);
    if (own === '') return;
    const skipped = source.text.slice(end, node.getStart(source));
    end = node.getEnd();
    // A line that ends is kept: it may end a statement.
    const before = skipped.includes('\n') ? '\n' : skipped === '' ? '' : ' ';
    (texts ?? [own]).forEach((text, index) => tokens.push({ text, before: index === 0 ? before : '' }));
  };
  nodes.forEach(add);
  return tokens;
}

/**
 * Tokens as the lines of a CommonJS module, with no more spaces than they need. Lines stay lines, so that a stack trace says
 * where.
 *
 * @param {readonly Token[]} tokens
 * @throws Error if that is no program, or would not be read as these tokens
 */
export function linesOf(tokens, fileName) {
  let line = '';
  const lines = [];
  for (const { text, before } of tokens.map(inLatin1)) {
    if (before === '\n' && line !== '') {
      lines.push(line);
      line = '';
    } else if (before === ' ' && line !== '' && wouldMerge(line.at(-1), text[0])) line += ' ';
    line += text;
  }
  lines.push(line);
  demandSame(lines.join('\n'), tokens.map(inLatin1), fileName);
  return lines;
}

/** Strings without characters beyond Latin-1: V8 keeps a file with a single one of them in two bytes for each character. */
function inLatin1({ text, before }) {
  if (!/^['"`}]/.test(text)) return { text, before };
  if (/\\[^\x00-\xff]/.test(text))
    throw new Error(`${text}: a backslash before a character beyond Latin-1 cannot be kept`);
  const escaped = text.replace(
    /[^\x00-\xff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return { text: escaped, before };
}

/** Whether two tokens would be read as another one if nothing were between them: words, numbers, `+ +`, `/ /`. */
function wouldMerge(last, first) {
  const isWord = character => /[\w$\\#]|[^\x00-\x7f]/.test(character);
  if (isWord(last)) return isWord(first) || (/\d/.test(last) && first === '.');
  return '+-/'.includes(last) && '+-/'.includes(first);
}

function demandSame(text, tokens, fileName) {
  try {
    compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']);
  } catch (cause) {
    throw new Error(`${fileName}: ${cause.message}`, { cause });
  }
  const joined = list => list.map(token => token.text).join('\0');
  if (joined(tokensOf(parsedJavaScript(text))) !== joined(tokens))
    throw new Error(`${fileName}: would not be the same without spaces`);
}
