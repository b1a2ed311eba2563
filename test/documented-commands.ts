/** Documented commands, each with the test or the step of .ci/run that runs it. */
export const COMMANDS_THAT_RUN: Readonly<Record<string, string>> = {
  'npm test': 'this run',
  'npm run demo': 'test/system/demo.test.ts, with fewer seconds',
  'npm run pack': 'test/packed.test.ts, by its script',
  'npm run docs': 'test/docs.test.ts, with --check',
  'npm run lint': '.ci/run',
  'npm run test:matrix': '.ci/run',
  'npm run test:browser': '.ci/run',
  'npm run test:prometheus': '.ci/run',
  'npm run test:faults': '.ci/run, with --quick',
  'npx telemetry-flush-guard drain /var/lib/telemetry --to otlp http://collector:4318':
    'packages/telemetry-flush-guard/test/cli/drain-processes.test.ts, with another folder and endpoint',
  'node --import otel-node-vitals/register app.js': 'test/system/register/register.test.ts',
  'node --require ./telemetry.cjs app.cjs': 'test/system/examples.test.ts',
  'node --import ./telemetry.mjs app.mjs': 'test/system/examples.test.ts',
};

/** Documented commands that no test runs, each with the reason. */
export const COMMANDS_THAT_DO_NOT_RUN: Readonly<Record<string, string>> = {
  'npm install otel-fd-watch': 'not published yet; test/packed.test.ts installs the tarball',
  'npm install otel-gc-instrumentation': 'not published yet; test/packed.test.ts installs the tarball',
  'npm install otel-memory-metrics': 'not published yet; test/packed.test.ts installs the tarball',
  'npm install otel-memory-metrics otel-gc-instrumentation otel-fd-watch':
    'not published yet; test/packed.test.ts installs the tarballs',
  'npm install otel-node-vitals': 'not published yet; test/packed.test.ts installs the tarball',
  'npm install telemetry-flush-guard': 'not published yet; test/packed.test.ts installs the tarball',
  'npm install otel-node-vitals @opentelemetry/api @opentelemetry/exporter-prometheus':
    'not published yet; test/packed.test.ts installs the tarball',
  'npm run screenshot': 'needs Chromium, and writes into the tree',
  'npm run bench': 'takes minutes, and a busy machine would spoil its figures',
  'npm run bench:fleet': 'takes a quarter of an hour, and a busy machine would spoil its figures',
  'npm run demo -- --fault heap-leak --serve':
    'test/prometheus/faults.test.ts and test/system/demo.test.ts, by its script',
  'npm run format': 'writes into the tree; lint compares with the same',
  'npm run release': 'runs all the tests itself; has to be rehearsed by whoever makes the release',
  'npm run release -- --yes': 'makes a release',
};
