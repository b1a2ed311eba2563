import { ROOT_CONTEXT, context, createContextKey } from '@opentelemetry/api';

// The key of `suppressTracing` in @opentelemetry/core. API keys are Symbol.for(description), so that the same
// description gives the same key without importing the SDK (opentelemetry-js, packages/opentelemetry-core,
// src/trace/suppress-tracing.ts).
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

const untracedContext = ROOT_CONTEXT.setValue(SUPPRESS_TRACING, true);

/**
 * Runs our own readings outside of any request and untraced: `@opentelemetry/instrumentation-fs` would else make a
 * span of every reading of /proc.
 */
export function runUntraced(run: () => void): void {
  context.with(untracedContext, run);
}
