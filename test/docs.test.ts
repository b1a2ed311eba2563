import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { repositoryRoot } from 'test-helpers/repository';
import { runFixture } from 'test-helpers/run-fixture';
import { COMMANDS_THAT_DO_NOT_RUN, COMMANDS_THAT_RUN } from './documented-commands.js';
import { markdownAnchors, markdownLinks, shellCommands } from './markdown-text.js';
import { filesBelow, readJson } from './product-packages.js';
import type { Manifest } from './product-packages.js';

const NOT_OURS = ['node_modules', 'dist', '.git', '.cache', '.nx', 'CHANGELOG.md'];
const documents = filesBelow(repositoryRoot, name => !NOT_OURS.includes(name))
  .filter(path => path.endsWith('.md'))
  .map(path => ({ path, text: readFileSync(join(repositoryRoot, path), 'utf8') }));
/** The documents whose commands somebody will type. */
const guides = documents.filter(({ path }) =>
  /^(README|CONTRIBUTING)\.md$|^(packages|examples)\/[^/]+\/README\.md$/.test(path),
);

interface Tables {
  readonly optionsTable: (rules: object) => string;
  readonly metricsTable: (definitions: readonly object[]) => string;
  readonly replaceSection: (text: string, name: string, content: string) => string;
}

describe('the documents', () => {
  it('have the tables that scripts/generate-docs.mjs makes (to renew them: npm run docs)', async () => {
    const script = join(repositoryRoot, 'scripts', 'generate-docs.mjs');
    const { code, stderr } = await runFixture(script, { args: ['--check'] });
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
  });

  for (const { path, text } of documents) {
    it(`${path} links to what exists`, () => {
      const broken = markdownLinks(text)
        .filter(({ target }) => !/^[a-z][a-z+.-]*:/i.test(target))
        .filter(({ target }) => {
          const [file = '', anchor] = decodeURI(target).split('#');
          const to = file === '' ? join(repositoryRoot, path) : join(repositoryRoot, dirname(path), file);
          if (relative(repositoryRoot, to).startsWith('..') || !existsSync(to)) return true;
          return (
            anchor !== undefined &&
            to.endsWith('.md') &&
            !markdownAnchors(readFileSync(to, 'utf8')).has(anchor)
          );
        });
      expect(broken).to.deep.equal([]);
    });

    it(`${path} names scripts that exist`, () => {
      const scripts = [...scriptsOf('.'), ...scriptsOf(dirname(path))];
      const named = [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(match => match[1]!);
      expect(named.filter(name => !scripts.includes(name))).to.deep.equal([]);
    });
  }

  it('have only commands of which is known which test runs them, or why none does', () => {
    const known = [...Object.keys(COMMANDS_THAT_RUN), ...Object.keys(COMMANDS_THAT_DO_NOT_RUN)];
    const written = [...new Set(guides.flatMap(({ text }) => shellCommands(text)))];
    const unknown = written.filter(command => !known.includes(command));
    const gone = known.filter(command => !written.includes(command));
    expect({ unknown, gone }, 'test/documented-commands.ts').to.deep.equal({ unknown: [], gone: [] });
  });
});

describe('the makers of the tables', () => {
  let tables: Tables;
  before(async () => {
    const script = join(repositoryRoot, 'scripts', 'lib', 'readme-tables.mjs');
    tables = (await import(pathToFileURL(script).href)) as Tables;
  });

  it('write what a definition says', () => {
    const rules = {
      everyMillis: { type: 'number (ms)', default: 5_000, description: 'Time between two.' },
      onEach: { type: "'a' | 'b'", default: undefined, description: 'Called.' },
    };
    expect(tables.optionsTable(rules)).to.equal(
      [
        '| option | type | default | description |',
        '| --- | --- | --- | --- |',
        '| `everyMillis` | `number (ms)` | `5000` | Time between two. |',
        "| `onEach` | `'a' \\| 'b'` | — | Called. |",
        '',
      ].join('\n'),
    );
    const definition = {
      name: 'x.open',
      kind: 'observableUpDownCounter',
      unit: '{thing}',
      attributes: { 'x.kind': ['one', 'two'] },
      platforms: ['linux', 'darwin'],
      stability: 'own',
      optIn: 'details',
      source: 'the kernel',
    };
    const [, , row] = tables.metricsTable([definition]).split('\n');
    expect(row).to.equal(
      '| `x.open` | observable up-down counter, `{thing}` | `x.kind` (one, two) | Linux, macOS | own | no: `details` | the kernel |',
    );
  });

  it('replace what is between the markers, and want them once', () => {
    const text = 'a\n<!-- t -->\nold\n<!-- /t -->\nb\n';
    expect(tables.replaceSection(text, 't', 'new\n')).to.equal('a\n<!-- t -->\n\nnew\n\n<!-- /t -->\nb\n');
    expect(() => tables.replaceSection('a', 't', 'new')).to.throw('needs <!-- t --> … <!-- /t --> once');
    expect(() => tables.replaceSection(text + text, 't', 'new')).to.throw('once');
  });
});

describe('the reading of Markdown', () => {
  const text = [
    '# One `code` & two',
    '[a](b.md#c) and `[not](this.md)` ![image](d.png "title")',
    '```sh',
    'npm test  # comment',
    '[not](either.md)',
    '```',
    '## One `code` & two',
  ].join('\n');

  it('finds links, anchors and commands, and leaves code alone', () => {
    expect(markdownLinks(text)).to.deep.equal([
      { target: 'b.md#c', line: 2 },
      { target: 'd.png', line: 2 },
    ]);
    expect([...markdownAnchors(text)]).to.deep.equal(['one-code--two', 'one-code--two-1']);
    expect(shellCommands(text)).to.deep.equal(['npm test', '[not](either.md)']);
  });
});

/** The scripts of the package.json in a folder, if there is one. */
function scriptsOf(folder: string): string[] {
  if (!existsSync(join(repositoryRoot, folder, 'package.json'))) return [];
  return Object.keys((readJson(folder, 'package.json') as Manifest).scripts ?? {});
}
