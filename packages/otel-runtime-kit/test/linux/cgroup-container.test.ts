import { expect } from 'chai';
import { isContainerCgroup } from '../../src/linux/cgroup-container.js';

const ID = '3f4d'.repeat(16);

describe('isContainerCgroup', () => {
  it('is true wherever a limit is in force', () => {
    for (const seesHierarchyRoot of [true, false]) {
      expect(isContainerCgroup({ path: '/system.slice/app.service', seesHierarchyRoot }, 1)).to.equal(true);
    }
  });

  it('is true where the process is fenced in', () => {
    for (const path of ['/', '/init', '/../..']) {
      expect(isContainerCgroup({ path, seesHierarchyRoot: false }, null)).to.equal(true);
    }
  });

  it('is true for a path with a container’s id in it', () => {
    for (const path of [
      `/docker/${ID}`,
      `/system.slice/docker-${ID}.scope`,
      `/docker/${ID}/init`,
      `/kubepods/burstable/pod2f8bb1b3/${ID}`,
      `/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope`,
      `/kubepods.slice/kubepods-pod1.slice/crio-${ID}.scope/container`,
      `/machine.slice/libpod-${ID}.scope`,
      `/ecs/task/${ID}`,
      `/system.slice/containerd.service/kubepods-besteffort-pod1.slice:cri-containerd:${ID}`,
    ]) {
      expect(isContainerCgroup({ path, seesHierarchyRoot: true }, null), path).to.equal(true);
    }
  });

  it('is false for an unlimited service or session of a host', () => {
    for (const path of [
      '/',
      '/user.slice/user-1000.slice/session-3.scope',
      '/system.slice/app.service',
      `/jobs/${ID.slice(0, 32)}`,
      `/jobs/${ID}0`,
      `/jobs/x${ID}`,
    ]) {
      expect(isContainerCgroup({ path, seesHierarchyRoot: true }, null), path).to.equal(false);
    }
  });
});
