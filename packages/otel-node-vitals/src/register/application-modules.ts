import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Loads a module as a file of the application would. */
export interface ModuleFinder {
  /**
   * The module, and a finder for what that module itself depends on; `undefined` if it is not installed.
   *
   * @throws what the module throws while it is loaded
   */
  load(name: string): { readonly exports: unknown; readonly neighbours: ModuleFinder } | undefined;
}

/** Where an application's modules are looked for: beside its main file, then in the working directory, then beside us. */
export function applicationModules(mainFile: string | undefined): ModuleFinder {
  const folders = [...foldersOf(mainFile), process.cwd(), __dirname];
  return finderIn([...new Set(folders)]);
}

/** The folder of a file, and that of what it is a link to, as commands in `node_modules/.bin` are. */
function foldersOf(file: string | undefined): string[] {
  if (file === undefined) return [];
  try {
    return [dirname(realpathSync(file)), dirname(file)];
  } catch {
    return [dirname(file)];
  }
}

/** A finder that looks in each of some folders in turn. */
export function finderIn(folders: readonly string[]): ModuleFinder {
  return {
    load(name) {
      for (const folder of folders) {
        // The file need not exist: only its folder counts.
        const load = createRequire(join(folder, 'from-here.js'));
        let path: string;
        try {
          path = load.resolve(name);
        } catch {
          continue;
        }
        return { exports: load(path), neighbours: finderIn([dirname(path), ...folders]) };
      }
      return undefined;
    },
  };
}
