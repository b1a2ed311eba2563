import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from 'test-helpers/repository';

interface NpmScript {
  readonly runNpm: (
    args: readonly string[],
    options: { cwd: string; output: 'capture' },
  ) => Promise<{ code: number; output: string }>;
}

/** Runs npm as the scripts of this repository do. @throws Error with npm's output if it fails */
export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const script = pathToFileURL(join(repositoryRoot, 'scripts', 'lib', 'npm.mjs')).href;
  const { runNpm } = (await import(script)) as NpmScript;
  const { code, output } = await runNpm(args, { cwd, output: 'capture' });
  if (code !== 0) throw new Error(`npm ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}
