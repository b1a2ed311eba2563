// For --require, after the telemetry of an application: one span and one log record.
'use strict';
const { logs } = require('@opentelemetry/api-logs');
const { trace } = require('@opentelemetry/api');

trace.getTracer('test').startSpan('a span').end();
logs.getLogger('test').emit({ body: 'a log record' });
