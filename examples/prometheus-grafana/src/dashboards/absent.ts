// What stands in a panel where there is nothing to draw: mostly that is no fault.
export const IN_A_CONTAINER = 'Measured in a container with a memory limit';
export const LINUX = 'Measured on Linux';
export const LINUX_AND_MACOS = 'Measured on Linux and macOS';
export const AFTER_A_MAJOR = 'No major collection yet';
export const NO_ALERTS = 'No alerts';
export const NEEDS_RULES = 'Nothing recorded: is rules/node-vitals.rules.yml loaded?';

/** An instrument that is off by default. */
export function optIn(option: string): string {
  return `Off by default: the option ${option}`;
}
