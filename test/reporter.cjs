'use strict';
// Mocha's own output, then why tests were skipped, then one closing line: `N passed, N failed`.
// With `--reporter-option counts=FILE` the numbers go to that file instead, for a caller that adds up several runs.
// A run that something keeps alive afterwards (a socket, a timer) is ended, and failed.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_TEST_RETRY } = Mocha.Runner.constants;

class ClosingLineReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { counts } = options.reporterOptions ?? {};
    const failures = [];
    const skipped = [];
    runner.on(EVENT_TEST_FAIL, test => failures.push(test.fullTitle()));
    // Never silently: a test that needs it every time is to be mended.
    runner.on(EVENT_TEST_RETRY, (test, error) => {
      console.log(`    once more: ${test.fullTitle()} (${error.message})`);
    });
    runner.on(EVENT_TEST_PENDING, test =>
      skipped.push({ title: test.fullTitle(), reason: skipReason(test) }),
    );
    // After the listener of Spec, which prints the failures.
    runner.once(EVENT_RUN_END, () => {
      endIfKeptAlive();
      for (const { title, reason } of skipped) {
        console.log(`  skipped: ${title}${reason === undefined ? '' : ` (${reason})`}`);
      }
      const { passes: passed } = runner.stats;
      if (counts === undefined) {
        const also = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
        console.log(`${passed} passed, ${failures.length} failed${also}`);
      } else {
        writeFileSync(counts, JSON.stringify({ passed, skipped: skipped.length, failures }));
      }
    });
  }
}

/** How long the handles of the last test may take to close. */
const GRACE_MILLIS = 5_000;

/** Unref'd, so that it fires only if something else keeps the process alive. */
function endIfKeptAlive() {
  setTimeout(() => {
    console.log(
      `failed: after the last test something keeps the process alive: ${process.getActiveResourcesInfo().join(', ')}`,
    );
    process.exit(1);
  }, GRACE_MILLIS).unref();
}

/** The reason that `skipBecause` (test/helpers) left on a test, or on the suite whose hook skipped it. */
function skipReason(test) {
  for (let at = test; at !== undefined; at = at.parent) {
    if (at.skipReason !== undefined) return at.skipReason;
  }
  return undefined;
}

module.exports = ClosingLineReporter;
