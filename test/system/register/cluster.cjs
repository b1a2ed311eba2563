// A cluster of two workers that share the port of the application.
'use strict';
const cluster = require('node:cluster');
const { createServer } = require('node:http');

if (cluster.isPrimary) {
  const workers = [cluster.fork(), cluster.fork()];
  process.stdin.resume().once('end', () => {
    for (const worker of workers) worker.kill();
  });
  process.stdout.write('{"result":"ready"}\n');
} else {
  createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
}
