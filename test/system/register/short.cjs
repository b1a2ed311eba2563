// A script that is done at once.
'use strict';
process.stdout.write('done\n');
process.exitCode = 3;
