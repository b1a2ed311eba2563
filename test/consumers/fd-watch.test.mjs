// A Jest test file that is an ES module.
import { FdWatchInstrumentation } from 'otel-fd-watch';

test('loads in Jest as an ES module', () => {
  expect(new FdWatchInstrumentation().instrumentationName).toBe('otel-fd-watch');
});
