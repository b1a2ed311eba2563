import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** The user's part of the name: two users' folders are two. */
function userPart(): string {
  return process.getuid === undefined ? '' : `-${process.getuid()}`;
}

/**
 * Where the spool is if nobody says: `$OTEL_FLUSH_GUARD_DIR`, else a folder for each service below that for temporary files. A service is
 * known by its name, or by its program.
 */
export function defaultDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['OTEL_FLUSH_GUARD_DIR'];
  if (named !== undefined && named !== '') return named;
  const program = process.argv[1] ?? process.execPath;
  const service = env['OTEL_SERVICE_NAME'] ?? program;
  const hash = createHash('sha256').update(service).digest('hex').slice(0, 12);
  const readable = basename(service).replaceAll(/[^\w.-]+/g, '_').slice(0, 40);
  return join(tmpdir(), `telemetry-flush-guard${userPart()}`, `${readable}-${hash}`);
}
