import { readlinkSync } from 'node:fs';
import type { DescriptorDirectory } from './descriptor-directory.js';

/**
 * Whether the folder's entries are links that say what each descriptor is. They are in procfs; in /dev/fd of macOS
 * they are devices, and a process that has changed its user may not read its own.
 */
export function hasReadableLinks(directory: DescriptorDirectory): boolean {
  let names: string[];
  try {
    names = directory.list();
  } catch (thrown) {
    // Out of descriptors at the very start says nothing about the links.
    return directory.sizeMayCount && (thrown as NodeJS.ErrnoException).code === 'EMFILE';
  }
  for (const name of names) {
    try {
      readlinkSync(`${directory.path}/${name}`);
      return true;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') return false;
    }
  }
  return false;
}
