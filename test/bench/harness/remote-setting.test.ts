import { join } from 'node:path';
import { expect } from 'chai';
import { startRemoteSetting } from './remote-setting.js';

const fixture = join(__dirname, 'remote-setting.fixture.js');

describe('a setting in another process', () => {
  it('says what it has, measures what it is asked to, and ends when it is told', async () => {
    const setting = await startRemoteSetting('there', fixture, ['7']);
    expect(setting.name).to.equal('there');
    expect(setting.candidates.map(({ name }) => name)).to.deep.equal(['count', 'parts', 'broken']);
    const [count, parts] = setting.candidates;
    expect([await count!.measure(), await parts!.measure(), await count!.measure()]).to.deep.equal([
      7,
      { a: 1, b: 2 },
      8,
    ]);
    const { pid } = setting.facts;
    expect(pid).to.be.a('number').and.not.equal(process.pid);
    await setting.stop();
    expect(() => process.kill(Number(pid), 0)).to.throw('ESRCH');
  });

  it('passes on that the process has ended', async () => {
    const setting = await startRemoteSetting('there', fixture, ['1']);
    let thrown: unknown;
    await Promise.resolve(setting.candidates[2]!.measure()).catch((error: unknown) => {
      thrown = error;
    });
    expect((thrown as Error).message).to.equal('the process ended with 3');
  });
});
