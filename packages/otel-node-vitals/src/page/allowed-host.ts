/**
 * Whether a request's Host header is one that this page answers to.
 *
 * A page on the internet can have its own name resolve to 127.0.0.1 and then read what is served there with the rights
 * of its own origin (DNS rebinding). It needs a name for that, so addresses are let through: an address in the Host
 * header is the one that was connected to. Other names must be given.
 */
export function isAllowedHost(header: string | undefined, names: ReadonlySet<string>): boolean {
  // HTTP/1.0 clients send none; browsers always do.
  if (header === undefined || header === '') return true;
  const name = hostName(header);
  return name === 'localhost' || name.endsWith('.localhost') || isAddress(name) || names.has(name);
}

/** The name in a Host header, without port and final dot, in lower case. */
export function hostName(header: string): string {
  return header.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}

function isAddress(name: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || /^\[[0-9a-f:.]+\]$/.test(name);
}
