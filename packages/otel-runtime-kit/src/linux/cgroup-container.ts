import type { MemoryCgroup } from './cgroup-place.js';

/** Engines name a container's cgroup after its id: `/docker/ID`, `docker-ID.scope`, `/kubepods/podUID/ID`, … */
const CONTAINER_ID = /(?:^|[/:-])[0-9a-f]{64}(?:\.scope)?(?:\/|$)/;

/**
 * Whether the rows about the container say something about what this process runs in. They do if one of these holds:
 *
 * 1. A memory limit is in force, its cgroup's own or one above it: a container's, or a systemd unit's `MemoryMax=`.
 * 2. What the process sees of the hierarchy does not begin at the true root: it is fenced in, by a cgroup namespace
 *    or by a mount of only its own part. That is the default of Docker, Podman, Kubernetes and LXC.
 * 3. Its path holds a container's id: an unlimited container that is given the host's cgroups to see.
 *
 * What is left is a plain service or session of a host, whose cgroup has no limit and no meaning to its reader.
 */
export function isContainerCgroup(
  cgroup: Pick<MemoryCgroup, 'path' | 'seesHierarchyRoot'>,
  limitBytes: number | null,
): boolean {
  return limitBytes !== null || !cgroup.seesHierarchyRoot || CONTAINER_ID.test(cgroup.path);
}
