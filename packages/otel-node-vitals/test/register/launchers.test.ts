import { expect } from 'chai';
import { isLauncher } from '../../src/register/launchers.js';

describe('programs that only start others', () => {
  for (const path of [
    '/usr/bin/npm',
    '/usr/lib/node_modules/npm/bin/npm-cli.js',
    '/usr/lib/node_modules/npm/bin/npx-cli.js',
    'C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js',
    '/usr/lib/node_modules/corepack/dist/yarn.js',
    '/home/me/app/.yarn/releases/yarn-4.9.1.cjs',
    '/usr/bin/pnpm',
    '/home/me/app/node_modules/.bin/nodemon',
    '/home/me/app/node_modules/nodemon/bin/nodemon.js',
    '/home/me/app/node_modules/tsx/dist/cli.mjs',
    '/home/me/app/node_modules/concurrently/dist/bin/concurrently.js',
  ]) {
    it(`${path} is one`, () => {
      expect(isLauncher(path, {})).to.equal(true);
    });
  }

  for (const path of [
    undefined,
    '/home/me/app/server.js',
    '/home/me/app/npm.js',
    '/home/me/npm/server.js',
    '/home/me/app/node_modules/.bin/next',
    '/home/me/app/node_modules/pm2/lib/ProcessContainerFork.js',
    '/home/me/app/bin/www',
  ]) {
    it(`${String(path)} is none`, () => {
      expect(isLauncher(path, { npm_lifecycle_event: 'start' })).to.equal(false);
    });
  }

  it('scripts of an installation are like them', () => {
    for (const event of ['postinstall', 'preinstall', 'install', 'prepare', 'prepublishOnly', 'version']) {
      expect(isLauncher('/home/me/app/build.js', { npm_lifecycle_event: event }), event).to.equal(true);
    }
    for (const event of ['start', 'dev', 'test', 'serve:installed']) {
      expect(isLauncher('/home/me/app/build.js', { npm_lifecycle_event: event }), event).to.equal(false);
    }
  });
});
