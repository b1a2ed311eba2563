import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

const ts = createRequire(import.meta.url)('typescript');

/**
 * Compiled CommonJS without comments and without spaces that nothing needs. Lines stay lines, so that a stack trace still
 * says where. Comments that begin with an exclamation mark are licenses, and move to the top.
 * @throws Error if what is left is not the same program
 */
export function slimJavaScript(text, fileName) {
  const plain = printed(text, fileName);
  const slim = withoutSpaces(plain);
  if (printed(slim, fileName) !== plain) throw new Error(`${fileName}: would not be the same without spaces`);
  const [directive, ...lines] = slim.split('\n');
  return [directive, ...licenses(text), ...lines].join('\n');
}

function licenses(text) {
  return parsed(text)
    .statements.flatMap(statement => ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [])
    .map(({ pos, end }) => text.slice(pos, end))
    .filter(comment => comment.startsWith('/*!'));
}

function parsed(text) {
  return ts.createSourceFile('file.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
}

/** As TypeScript prints it: one program has one form, without comments. */
function printed(text, fileName) {
  const { outputText, diagnostics } = ts.transpileModule(text, {
    fileName,
    reportDiagnostics: true,
    compilerOptions: {
      removeComments: true,
      // Nothing else may change: neither syntax nor require() nor import().
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      newLine: ts.NewLineKind.LineFeed,
    },
  });
  if (diagnostics.length > 0)
    throw new Error(`${fileName}: ${ts.flattenDiagnosticMessageText(diagnostics[0].messageText, ' ')}`);
  return outputText;
}

function withoutSpaces(text) {
  const source = parsed(text);
  let slim = '';
  const add = node => {
    const children = node.getChildren(source);
    if (children.length > 0) {
      children.forEach(add);
      return;
    }
    const token = node.getText(source);
    const between = text.slice(node.getFullStart(), node.getStart(source));
    if (between.includes('\n')) slim += '\n';
    else if (between !== '' && wouldMerge(slim.at(-1), token[0])) slim += ' ';
    slim += token;
  };
  add(source);
  return `${slim.trim()}\n`;
}

/** Whether two tokens would be read as another one if nothing were between them: words, numbers, `+ +`, `/ /`. */
function wouldMerge(last, first) {
  const isWord = character => /[\w$\\#]|[^\x00-\x7f]/.test(character);
  if (isWord(last)) return isWord(first) || (/\d/.test(last) && first === '.');
  return '+-/'.includes(last) && '+-/'.includes(first);
}

/** The files of types that can be got at from some of them, by way of relative imports; absolute paths. */
export function typesReachedFrom(entries) {
  const reached = new Set();
  const follow = file => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const { fileName } of ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles)
      if (fileName.startsWith('.')) follow(resolve(dirname(file), fileName.replace(/\.js$/, '.d.ts')));
  };
  for (const entry of entries) follow(resolve(entry));
  return reached;
}
