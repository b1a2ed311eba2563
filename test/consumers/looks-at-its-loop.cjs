// Prints for how many milliseconds its event loop was held up at most, once it had started. Its arguments: whether it sets up an SDK
// (`sdk`) or not (`none`), and how many milliseconds it looks.
const [how, lookMillis] = process.argv.slice(2);
if (how === 'sdk') {
  const { metrics } = require('@opentelemetry/api');
  const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
  const { MeterProvider } = require('@opentelemetry/sdk-metrics');
  metrics.setGlobalMeterProvider(
    new MeterProvider({ readers: [new PrometheusExporter({ preventServerStart: true })] }),
  );
}

const PAUSE_MILLIS = 1;
let longestMillis = 0;
let latestMillis;
const look = () => {
  const nowMillis = performance.now();
  if (latestMillis !== undefined)
    longestMillis = Math.max(longestMillis, nowMillis - latestMillis - PAUSE_MILLIS);
  latestMillis = nowMillis;
};
// The first turns are its own start.
setTimeout(() => {
  const timer = setInterval(look, PAUSE_MILLIS);
  setTimeout(() => {
    clearInterval(timer);
    console.log(longestMillis);
  }, Number(lookMillis));
}, 50);
