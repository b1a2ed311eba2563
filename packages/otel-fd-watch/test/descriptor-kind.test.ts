import { expect } from 'chai';
import { FD_KINDS, kindOfTarget, socketInode } from '../src/descriptor-kind.js';
import type { FdKind } from '../src/descriptor-kind.js';

/** Targets as Linux prints them, among them those that processes of Node never have. */
const TARGETS: Record<FdKind, string[]> = {
  file: [
    '/',
    '/srv/data.bin',
    '/srv/data.bin (deleted)',
    '/srv/socket:[1]',
    '/dev/shm/segment',
    '/dev/shm/segment (deleted)',
    '/dev/hugepages/pool',
    '/devices/list',
    '/proc/123/limits',
    '/SYSV00000000 (deleted)',
  ],
  socket: ['socket:[1]', 'socket:[4294967295]'],
  pipe: ['pipe:[77]'],
  device: ['/dev/null', '/dev/pts/0', '/dev/net/tun', '/dev/shmem'],
  eventpoll: ['anon_inode:[eventpoll]'],
  eventfd: ['anon_inode:[eventfd]'],
  io_uring: ['anon_inode:[io_uring]'],
  inotify: ['anon_inode:inotify', 'anon_inode:[inotify]'],
  other: [
    'anon_inode:[timerfd]',
    'anon_inode:[signalfd]',
    'anon_inode:[pidfd]',
    'anon_inode:bpf-map',
    'anon_inode:toString',
    'anon_inode:',
    '/memfd:shared (deleted)',
    'net:[4026531840]',
    'mnt:[4026531841]',
    '',
  ],
};

describe('kindOfTarget', () => {
  for (const kind of FD_KINDS) {
    it(`knows a descriptor of kind ${kind} by its link`, () => {
      for (const target of TARGETS[kind]) expect(kindOfTarget(target), target).to.equal(kind);
    });
  }
});

describe('socketInode', () => {
  it('is the number in the brackets', () => {
    expect(socketInode('socket:[1]')).to.equal(1);
    expect(socketInode('socket:[18446744]')).to.equal(18_446_744);
  });

  it('is undefined for what is no socket', () => {
    for (const target of ['pipe:[1]', 'socket:[]', 'socket:[x]', '/socket:[1]', 'socket:[1] (deleted)', '']) {
      expect(socketInode(target), target).to.equal(undefined);
    }
  });
});
