import { DiagLogLevel, diag } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { expect } from 'chai';
import { Origins, encodeResource, encodeScope } from '../../src/items/origins.js';

const resourceText = (pid: number): string => encodeResource({ attributes: { 'process.pid': pid } });
const scopeText = (number: number): string => encodeScope({ name: `scope ${number}` });

describe('origins of items that are read', () => {
  it('are one object for what says the same', () => {
    const origins = new Origins();
    expect(origins.resource(resourceText(1))).to.equal(origins.resource(resourceText(1)));
    expect(origins.scope(scopeText(1))).to.equal(origins.scope(scopeText(1)));
    expect(origins.resource(resourceText(2))).not.to.equal(origins.resource(resourceText(1)));
  });

  it('are forgotten, the oldest first, where a process takes over from more than a thousand', () => {
    const origins = new Origins();
    const resources = Array.from({ length: 1_001 }, (_, pid) => origins.resource(resourceText(pid)));
    const scopes = Array.from({ length: 1_001 }, (_, number) => origins.scope(scopeText(number)));
    expect(origins.resource(resourceText(1))).to.equal(resources[1]);
    expect(origins.scope(scopeText(1))).to.equal(scopes[1]);
    expect(origins.resource(resourceText(1_000))).to.equal(resources[1_000]);
    const again = origins.resource(resourceText(0));
    expect(again).not.to.equal(resources[0]);
    expect(again.attributes).to.deep.equal({ 'process.pid': 0 });
    expect(origins.scope(scopeText(0))).not.to.equal(scopes[0]);
    // It has taken the place of the next one.
    expect(origins.resource(resourceText(1))).not.to.equal(resources[1]);
  });
});

describe('a resource that is still looking something up', () => {
  it('is written with what it knows by now, and is given no cause to complain', async () => {
    const errors: string[] = [];
    const silent = (): void => {};
    const error = (text: string): number => errors.push(text);
    diag.setLogger({ error, warn: error, info: silent, debug: silent, verbose: silent }, DiagLogLevel.ALL);
    let find: (value: string) => void = () => {};
    const hostName = new Promise<string>(resolve => (find = resolve));
    const detected = resourceFromAttributes({ 'host.name': hostName, a: 1 });
    const resource = resourceFromAttributes({ a: 2, b: 3 }).merge(detected);
    expect(resource.asyncAttributesPending).to.equal(true);
    expect(encodeResource(resource)).to.equal(encodeResource({ attributes: { a: 1, b: 3 } }));
    find('here');
    await resource.waitForAsyncAttributes?.();
    const settled = encodeResource(resource);
    diag.disable();
    expect(new Origins().resource(settled).attributes).to.deep.equal({ 'host.name': 'here', a: 1, b: 3 });
    expect(errors).to.deep.equal([]);
  });
});
