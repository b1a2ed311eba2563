import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { parsedJavaScript } from './javascript-tokens.mjs';

const ts = createRequire(import.meta.url)('typescript');

/**
 * A module as the compiler has written it; all paths are absolute.
 *
 * @typedef {object} CompiledModule
 * @property {string} path
 * @property {import('typescript').SourceFile} source
 * @property {Map<import('typescript').Node, string>} requires the calls by which it requires others while it is loaded, and which
 * @property {string[]} loads the modules that it loads later
 * @property {boolean} knowsItsFolder whether it does not work in another folder
 */

/**
 * Reads some modules and all that they lead to within their package.
 *
 * @param {readonly string[]} entries
 * @returns {Map<string, CompiledModule>} by path
 * @throws Error if one loads a file that does not exist
 */
export function readModules(entries) {
  const modules = new Map();
  const read = path => {
    if (modules.has(path)) return;
    const module = readModule(path);
    modules.set(path, module);
    [...module.requires.values(), ...module.loads].forEach(read);
  };
  entries.forEach(read);
  return modules;
}

/** @returns {CompiledModule} */
export function readModule(path) {
  const source = parsedJavaScript(readFileSync(path, 'utf8'));
  const module = { path, source, requires: new Map(), loads: [], knowsItsFolder: false };
  const look = (node, isLater) => {
    if (ts.isIdentifier(node) && /^__(?:filename|dirname)$/.test(node.text)) module.knowsItsFolder = true;
    const given = calledWith(node);
    if (given !== undefined) {
      const target = resolve(dirname(path), given);
      if (!existsSync(target)) throw new Error(`${path}: ${given} does not exist`);
      if (!isLater && node.expression.getText(source) === 'require') module.requires.set(node, target);
      else {
        // By import(), by a require() within a function, or by one that createRequire() has made.
        module.loads.push(target);
        module.knowsItsFolder = true;
      }
    }
    node.forEachChild(child => look(child, isLater || ts.isFunctionLike(node)));
  };
  look(source, false);
  return module;
}

/** `./a.js` of a call like `require('./a.js')`. */
function calledWith(node) {
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return undefined;
  const [given] = node.arguments;
  return ts.isStringLiteralLike(given) && /^\.{1,2}\/.*\.js$/.test(given.text) ? given.text : undefined;
}

/** Whether anything happens in a module: of one with types alone nothing is left but marks. */
export function hasCode({ source }) {
  return source.statements.some(statement => !isDirective(statement) && !isModuleMark(statement));
}

/** `"use strict"`. */
export function isDirective(statement) {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}

/** `Object.defineProperty(exports, "__esModule", …)`. */
export function isModuleMark(statement) {
  return (
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    statement.expression.arguments[1]?.text === '__esModule'
  );
}
