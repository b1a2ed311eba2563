// A CommonJS program. Prints what it counted and what the kernel says, as JSON.
const { readdirSync } = require('node:fs');
const { metrics } = require('@opentelemetry/api');
const { FdWatchInstrumentation } = require('otel-fd-watch');

const fdWatch = new FdWatchInstrumentation();
fdWatch.setMeterProvider(metrics.getMeterProvider());
const { open } = fdWatch.snapshot();
const listed = process.platform === 'linux' ? readdirSync('/proc/self/fd').length - 1 : null;
fdWatch.disable();
console.log(JSON.stringify({ open, listed }));
