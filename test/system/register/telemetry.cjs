// For --require, in front of everything: the SDK is there before register is.
'use strict';
require('./answers.cjs').setUpSdk(__filename, false);
