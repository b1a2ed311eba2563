// A script that outlives the time that register waits, and then has nothing more to do.
'use strict';
setTimeout(() => {
  process.stdout.write('done\n');
  process.exitCode = 3;
}, 2_500);
