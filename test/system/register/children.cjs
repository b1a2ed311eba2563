// Starts children that inherit its flags, and ends them with itself.
'use strict';
const { fork } = require('node:child_process');
const { join } = require('node:path');

const children = [1, 2, 3].map(() =>
  fork(join(__dirname, 'service.cjs'), { stdio: ['pipe', 'ignore', 'inherit', 'ipc'] }),
);
process.stdin.resume().once('end', () => {
  for (const child of children) {
    child.disconnect();
    child.stdin.end();
  }
});
process.stdout.write('{"result":"ready"}\n');
