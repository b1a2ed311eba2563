// An application without any telemetry. Does what each line on stdin says; ends by itself once stdin has ended.
'use strict';
const { answer } = require('./answers.cjs');

answer();
