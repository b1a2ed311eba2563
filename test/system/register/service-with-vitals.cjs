// An application that has the instrumentations already.
'use strict';
const { answer, setUpSdk } = require('./answers.cjs');

setUpSdk(__filename, true);
answer();
