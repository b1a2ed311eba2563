// Prints, as JSON, whether the module was there before this file asked for it, and what it throws at a bad option.
const path = require.resolve('otel-fd-watch');
const preloaded = Object.hasOwn(require.cache, path);
const { FdWatchInstrumentation } = require('otel-fd-watch');
let message = null;
try {
  new FdWatchInstrumentation({ warnAtRatio: 3 });
} catch (thrown) {
  message = `${thrown.name}: ${thrown.message}`;
}
console.log(JSON.stringify({ preloaded, message }));
