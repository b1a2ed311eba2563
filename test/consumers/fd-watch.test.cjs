// A Jest test file.
const { FdWatchInstrumentation } = require('otel-fd-watch');

test('loads in Jest and checks its options', () => {
  expect(new FdWatchInstrumentation().instrumentationName).toBe('otel-fd-watch');
  expect(() => new FdWatchInstrumentation({ warnAtRatio: 3 })).toThrow(
    'warnAtRatio must be in (0, 1], got 3',
  );
});
