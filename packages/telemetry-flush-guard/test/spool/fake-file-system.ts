import { dirname } from 'node:path';
import type { FileFacts, FileSystem } from '../../src/spool/file-system.js';

/** What a fake system call is to do instead of its work. */
export type Fault =
  | { readonly fail: string }
  /** Writes only so many bytes. Of other calls: nothing special. */
  | { readonly short: number }
  /** The process dies in this call: of a write, so many bytes reach the disk. No call works from then on. */
  | { readonly die: number };

interface Node {
  kind: 'file' | 'folder' | 'link';
  bytes: Buffer;
  mtimeMs: number;
  /** Root's unless it says so. */
  uid?: number;
}

/** Thrown by every call after the death of the process. Nothing may be done about it. */
export class Died extends Error {}

/** A disk in memory. It outlives the process that writes to it: take a new FakeFileSystem over the same {@link disk}. */
export class FakeFileSystem implements FileSystem {
  readonly disk: Map<string, Node>;
  /** Names of the calls so far. */
  readonly calls: string[] = [];
  /** Asked at each call, by its number. */
  faultAt: (call: number, name: string) => Fault | undefined = () => undefined;
  capacityBytes = Infinity;
  /** Of the process: whose the folders are that it makes. */
  uid = 0;
  #open = new Map<number, Node>();
  #nextFd = 10;
  #isDead = false;

  constructor(disk = new Map<string, Node>([['/', folder()]])) {
    this.disk = disk;
  }

  /** Whether the process has died in a call. What it does from then on has not happened. */
  isDead(): boolean {
    return this.#isDead;
  }

  get openDescriptors(): number {
    return this.#open.size;
  }

  get usedBytes(): number {
    return [...this.disk.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  openSync(path: string, flags: string): number {
    this.#call('open');
    let node = this.disk.get(path);
    if (flags === 'ax' && node !== undefined) throw systemError('EEXIST');
    if (node === undefined) {
      if (flags === 'r' || !this.disk.has(dirname(path))) throw systemError('ENOENT');
      this.disk.set(path, (node = { kind: 'file', bytes: Buffer.alloc(0), mtimeMs: 0 }));
    }
    this.#nextFd += 1;
    this.#open.set(this.#nextFd, node);
    return this.#nextFd;
  }

  writeSync(fd: number, bytes: Uint8Array, offset: number, length: number): number {
    const fault = this.#call('write', 'die', 'short');
    const node = this.#node(fd);
    const room = this.capacityBytes - this.usedBytes;
    const wanted = fault === undefined ? length : Math.min(length, 'die' in fault ? fault.die : fault.short);
    const count = Math.min(wanted, room);
    if (count <= 0 && wanted > 0) throw systemError('ENOSPC');
    node.bytes = Buffer.concat([node.bytes, bytes.subarray(offset, offset + count)]);
    if (fault !== undefined && 'die' in fault) this.#die();
    return count;
  }

  readSync(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    this.#call('read');
    return this.#node(fd).bytes.copy(bytes, offset, position, position + length);
  }

  ftruncateSync(fd: number, length: number): void {
    this.#call('ftruncate');
    const node = this.#node(fd);
    node.bytes = node.bytes.subarray(0, length);
  }

  futimesSync(fd: number, _atime: number, mtime: number): void {
    this.#call('futimes');
    this.#node(fd).mtimeMs = 1000 * mtime;
  }

  fstatSync(fd: number): FileFacts {
    this.#call('fstat');
    return facts(this.#node(fd));
  }

  closeSync(fd: number): void {
    this.#call('close');
    if (!this.#open.delete(fd)) throw systemError('EBADF');
  }

  lstatSync(path: string): FileFacts {
    this.#call('lstat');
    return facts(this.#at(path));
  }

  mkdirSync(path: string, { recursive }: { mode: number; recursive: boolean }): void {
    this.#call('mkdir');
    if (this.disk.has(path)) {
      if (recursive) return;
      throw systemError('EEXIST');
    }
    if (!this.disk.has(dirname(path))) {
      if (!recursive) throw systemError('ENOENT');
      this.mkdirSync(dirname(path), { mode: 0, recursive });
    }
    this.disk.set(path, { ...folder(), uid: this.uid });
  }

  readdirSync(path: string): string[] {
    this.#call('readdir');
    this.#at(path);
    return [...this.disk.keys()]
      .filter(name => name !== path && dirname(name) === path)
      .map(name => name.slice(name.lastIndexOf('/') + 1));
  }

  renameSync(from: string, to: string): void {
    this.#call('rename');
    this.#at(from);
    if ([...this.disk.keys()].some(name => name.startsWith(`${to}/`))) throw systemError('ENOTEMPTY');
    for (const [name, node] of [...this.disk]) {
      if (name !== from && !name.startsWith(`${from}/`)) continue;
      this.disk.delete(name);
      this.disk.set(to + name.slice(from.length), node);
    }
  }

  unlinkSync(path: string): void {
    this.#call('unlink');
    this.#at(path);
    this.disk.delete(path);
  }

  rmdirSync(path: string): void {
    this.#call('rmdir');
    this.#at(path);
    if ([...this.disk.keys()].some(name => name !== path && name.startsWith(`${path}/`)))
      throw systemError('ENOTEMPTY');
    this.disk.delete(path);
  }

  /** @param partly faults that the call itself sees to */
  #call(name: string, ...partly: string[]): Exclude<Fault, { fail: string }> | undefined {
    if (this.#isDead) throw new Died();
    const fault = this.faultAt(this.calls.length, name);
    this.calls.push(name);
    if (fault === undefined) return undefined;
    if ('fail' in fault) throw systemError(fault.fail);
    if ('die' in fault && !partly.includes('die')) this.#die();
    return fault;
  }

  #die(): never {
    this.#isDead = true;
    throw new Died();
  }

  #node(fd: number): Node {
    const node = this.#open.get(fd);
    if (node === undefined) throw systemError('EBADF');
    return node;
  }

  #at(path: string): Node {
    const node = this.disk.get(path);
    if (node === undefined) throw systemError('ENOENT');
    return node;
  }
}

function folder(): Node {
  return { kind: 'folder', bytes: Buffer.alloc(0), mtimeMs: 0 };
}

function facts({ kind, bytes, mtimeMs, uid = 0 }: Node): FileFacts {
  return {
    size: bytes.length,
    mtimeMs,
    uid,
    isDirectory: () => kind === 'folder',
    isFile: () => kind === 'file',
    isSymbolicLink: () => kind === 'link',
  };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}
