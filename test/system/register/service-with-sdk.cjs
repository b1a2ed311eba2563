// An application that sets up its own SDK while it is loaded.
'use strict';
const { answer, setUpSdk } = require('./answers.cjs');

setUpSdk(__filename, false);
answer();
