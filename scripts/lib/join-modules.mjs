import { createRequire } from 'node:module';
import { basename, dirname, relative, sep } from 'node:path';
import { isDirective, isModuleMark } from './compiled-modules.mjs';
import { linesOf, tokensOf } from './javascript-tokens.mjs';

const ts = createRequire(import.meta.url)('typescript');

/** @typedef {import('./compiled-modules.mjs').CompiledModule} CompiledModule */

/**
 * Compiled modules as one file: each but the last in a block, with an object for its `exports`. Statement for statement it is what the
 * compiler has written, without comments and without what makes modules of them; but licenses (those with an exclamation mark) come to the
 * top.
 *
 * @param {readonly CompiledModule[]} modules in the order in which they are loaded
 * @throws Error if a module does what is not understood here
 */
export function joinModules(modules) {
  const file = modules.at(-1);
  const names = exportsNames(modules);
  const required = path => {
    const name = names.get(path);
    return name === undefined ? ['require', '(', JSON.stringify(specifier(file.path, path)), ')'] : [name];
  };
  const tokens = [...line('"use strict"', ';')];
  for (const module of modules) {
    const name = names.get(module.path);
    const body = bodyOf(module, name, required);
    if (module === file) tokens.push(...body);
    else tokens.push(...line('const', name, '=', '{', '}', ';'), ...line('{'), ...body, ...line('}'));
  }
  const [directive, ...lines] = linesOf(tokens, file.path);
  return [directive, ...new Set(modules.flatMap(licensesOf)), ...lines, ''].join('\n');
}

function line(...texts) {
  return texts.map((text, index) => ({ text, before: index === 0 ? '\n' : ' ' }));
}

/** The path of a module as the file writes it: `./a.js`, `../b/c.js`. */
function specifier(file, path) {
  const found = relative(dirname(file), path).split(sep).join('/');
  return found.startsWith('.') ? found : `./${found}`;
}

/** What stands for the `exports` of each module: a word that none of them uses. */
function exportsNames(modules) {
  const used = new Set(modules.flatMap(({ source }) => [...wordsOf(source)]));
  const names = new Map();
  for (const { path } of modules.slice(0, -1)) {
    let name = `$${basename(path, '.js').replace(/\W/g, '_')}`;
    while (used.has(name)) name += '_';
    used.add(name);
    names.set(path, name);
  }
  return names.set(modules.at(-1).path, 'exports');
}

function wordsOf({ text }) {
  return new Set(text.match(/\$\w+/g));
}

function bodyOf({ path, source, requires }, name, required) {
  const isFile = name === 'exports';
  const variables = requiredVariables(source, requires, required);
  const statements = source.statements.filter(
    statement =>
      !isDirective(statement) &&
      !variables.has(statement) &&
      (isFile || !(isModuleMark(statement) || isAnnouncement(statement))),
  );
  const texts = new Map([...variables.values(), ...(isFile ? [] : [['exports', [name]]])]);
  return tokensOf(source, statements, node => {
    if (requires.has(node)) return required(requires.get(node));
    // Read later, by functions: of two with the same name in one file, a `var` would make one.
    if (node.kind === ts.SyntaxKind.VarKeyword) return ['let'];
    if (!ts.isIdentifier(node) || isPropertyName(node)) return undefined;
    if ((node.text === 'module' && !isFile) || (texts.has(node.text) && isShorthand(node)))
      throw new Error(`${path}: ${node.parent.getText(source)} cannot be joined`);
    return texts.get(node.text);
  });
}

/**
 * `const a_js_1 = require("./a.js");` of each module in the same file, which the object in the place of its `exports` stands for:
 * by the statement, the variable and what is written for it.
 */
function requiredVariables({ statements }, requires, required) {
  const variables = new Map();
  for (const statement of statements.filter(ts.isVariableStatement)) {
    const { declarations } = statement.declarationList;
    const path = declarations.length === 1 ? requires.get(declarations[0].initializer) : undefined;
    const texts = path === undefined ? [] : required(path);
    if (texts.length === 1) variables.set(statement, [declarations[0].name.getText(), texts]);
  }
  return variables;
}

/** `exports.a = exports.b = void 0;`, by which Node.js knows the names of a file that is imported. */
function isAnnouncement(statement) {
  return /^(?:exports\.\w+ = )+void 0;$/.test(statement.getText());
}

/** The `b` of `a.b`, `{ b: 1 }` or `b() {}`: a name, and not a variable. */
function isPropertyName(node) {
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return (
    (ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isClassElement(parent)) &&
    parent.name === node
  );
}

function isShorthand({ parent }) {
  return (
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isBindingElement(parent) && parent.propertyName === undefined)
  );
}

function licensesOf({ source }) {
  return source.statements
    .flatMap(statement => ts.getLeadingCommentRanges(source.text, statement.getFullStart()) ?? [])
    .map(({ pos, end }) => source.text.slice(pos, end))
    .filter(comment => comment.startsWith('/*!'));
}
