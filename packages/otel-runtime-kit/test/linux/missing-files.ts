import { expect } from 'chai';
import type { CgroupMemoryReading } from '../../src/linux/cgroup-memory.js';
import type { FakeMachine, Files } from './fake-machine.js';

/** For each file: the part that it is of, and what is other than in the whole without it. */
export type MissingFiles = Readonly<
  Record<string, readonly [part: string, without: Partial<CgroupMemoryReading>]>
>;

/** A cgroup of one version, file by file. */
export interface CgroupUnderTest {
  /** Makes its machine; cleaned up after the test, or before the next one is made. */
  readonly container: (files?: Files) => FakeMachine;
  /** Its folder, as {@link FakeMachine.remove} wants it. */
  readonly folder: string;
  readonly whole: CgroupMemoryReading;
  readonly missing: MissingFiles;
  /** What none of its files may hold. */
  readonly garbage: readonly string[];
}

/** Why parts are missing, each as part, file and code. */
export function problemCodes({ problems }: CgroupMemoryReading): unknown[] {
  return problems.map(({ part, path, error }) => {
    const { code, name } = error as NodeJS.ErrnoException;
    return [part, path.slice(path.lastIndexOf('/') + 1), code ?? name];
  });
}

/** Tests what becomes of a reading when one of the files cannot be used. */
export function itMissesOnlyWhatAFileSays({
  container,
  folder,
  whole,
  missing,
  garbage,
}: CgroupUnderTest): void {
  for (const [name, [part, without]] of Object.entries(missing)) {
    it(`misses only what ${name} would have said if that is garbage, empty or cannot be read`, () => {
      const expected = { ...whole, ...without };
      for (const text of ['', '\n', 'garbage\n', ...garbage]) {
        const machine = container({ [name]: text });
        const reading = machine.open()!.read();
        expect({ ...reading, problems: [] }).to.deep.equal(expected);
        expect(problemCodes(reading)).to.deep.equal([[part, name, 'UnexpectedContentError']]);
        machine.cleanUp();
      }
      const machine = container();
      machine.makeUnreadable(`${folder}/${name}`);
      const memory = machine.open()!;
      for (const reading of [memory.read(), memory.read()]) {
        expect({ ...reading, problems: [] }).to.deep.equal(expected);
        expect(problemCodes(reading)).to.deep.equal([[part, name, 'EISDIR']]);
      }
    });

    it(`goes on with the open file if ${name} vanishes`, () => {
      const machine = container();
      const memory = machine.open()!;
      machine.remove(`${folder}/${name}`);
      expect(memory.read()).to.deep.equal(whole);
    });
  }
}
