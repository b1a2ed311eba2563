import { createRequire } from 'node:module';
import { join } from 'node:path';
import { repositoryRoot } from './repository.js';

/** The workspaces that hold one line of the OpenTelemetry SDK each. */
export const SDK_LINES = {
  2: { workspace: 'sdk-2', lowestNode: [0, 0] },
  3: { workspace: 'sdk-3', lowestNode: [22, 15] },
} as const;

/** A line of the SDK, by its major version. */
export type SdkLine = keyof typeof SDK_LINES;

/** Why a line does not run here, if it does not. */
export function whyNotHere(line: SdkLine): string | undefined {
  const [lowestMajor, lowestMinor] = SDK_LINES[line].lowestNode;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return undefined;
  return `OpenTelemetry SDK ${line}.x needs Node.js ${lowestMajor}.${lowestMinor}, this is ${process.versions.node}`;
}

/** `require` of a line's workspace: each line has packages of its own. */
export function requireOf(line: SdkLine): NodeJS.Require {
  return createRequire(join(repositoryRoot, 'test', SDK_LINES[line].workspace, 'package.json'));
}
