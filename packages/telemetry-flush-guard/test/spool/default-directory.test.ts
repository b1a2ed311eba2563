import { expect } from 'chai';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { defaultDirectory } from '../../src/spool/default-directory.js';

const PROGRAM = '/srv/shop/app.js';

describe('the default folder', () => {
  it('is that of the environment, made absolute', () => {
    expect(defaultDirectory({ OTEL_FLUSH_GUARD_DIR: '/var/spool/x' }, PROGRAM)).to.equal('/var/spool/x');
    expect(defaultDirectory({ OTEL_FLUSH_GUARD_DIR: 'spool' }, PROGRAM)).to.equal(resolve('spool'));
  });

  it('is else one for each service and user, below that for temporary files', () => {
    const shop = defaultDirectory({ OTEL_SERVICE_NAME: 'shop' }, PROGRAM);
    expect(dirname(dirname(shop))).to.equal(tmpdir());
    const user = process.getuid === undefined ? '' : `-${process.getuid()}`;
    expect(dirname(shop)).to.equal(join(tmpdir(), `telemetry-flush-guard${user}`));
    expect(shop).to.match(/\/shop-[0-9a-f]{12}$/);
    expect(defaultDirectory({ OTEL_SERVICE_NAME: 'shop' }, '/other.js')).to.equal(shop);
    expect(defaultDirectory({ OTEL_RESOURCE_ATTRIBUTES: 'a=b, service.name=shop,c=d' }, PROGRAM)).to.equal(
      shop,
    );
    expect(
      defaultDirectory({ OTEL_SERVICE_NAME: 'shop', OTEL_RESOURCE_ATTRIBUTES: 'service.name=x' }, PROGRAM),
    ).to.equal(shop);
  });

  it('is known by the program where nothing says the service, empty variables being none', () => {
    const program = defaultDirectory({}, PROGRAM);
    expect(program).to.match(/\/app\.js-[0-9a-f]{12}$/);
    const empty = {
      OTEL_FLUSH_GUARD_DIR: ' ',
      OTEL_SERVICE_NAME: '',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=',
    };
    expect(defaultDirectory(empty, PROGRAM)).to.equal(program);
    expect(defaultDirectory({}, '/srv/other/app.js')).to.not.equal(program);
  });

  it('is one folder, whatever is in the name', () => {
    const odd = defaultDirectory({ OTEL_SERVICE_NAME: '../../etc/pass wd\0' }, PROGRAM);
    expect(dirname(dirname(odd))).to.equal(tmpdir());
    expect(odd).to.match(/\/pass_wd_-[0-9a-f]{12}$/);
  });
});
