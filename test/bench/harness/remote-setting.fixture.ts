/** The process of `remote-setting.test.ts`; counts from its argument on. */
import { serveSetting } from './remote-setting.js';

process.on('disconnect', () => process.exit(0));

let next = Number(process.argv[2]);

serveSetting({
  candidates: [
    {
      name: 'count',
      measure: () => {
        next += 1;
        return next - 1;
      },
    },
    { name: 'parts', measure: () => Promise.resolve({ a: 1, b: 2 }) },
    { name: 'broken', measure: () => process.exit(3) },
  ],
  facts: { pid: process.pid },
});
