import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

/** The user's part of the name: two users' folders are two. */
function userPart(): string {
  return process.getuid === undefined ? '' : `-${process.getuid()}`;
}

/** As OpenTelemetry has it: an empty variable is as good as none. */
function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

/**
 * Where the spool is if nobody says: `$OTEL_FLUSH_GUARD_DIR`, else a folder for each service below that for temporary files. A service is
 * known by its name in the environment, or by its program, whose path may be another one with each release: then what the last release has
 * left is not found.
 */
export function defaultDirectory(
  env: Readonly<Record<string, string | undefined>>,
  program = process.argv[1] ?? process.execPath,
): string {
  const named = given(env['OTEL_FLUSH_GUARD_DIR']);
  if (named !== undefined) return resolve(named);
  const service = given(env['OTEL_SERVICE_NAME']) ?? serviceName(env['OTEL_RESOURCE_ATTRIBUTES']) ?? program;
  const hash = createHash('sha256').update(service).digest('hex').slice(0, 12);
  const readable = basename(service)
    .replaceAll(/[^\w.-]+/g, '_')
    .slice(0, 40);
  return join(tmpdir(), `telemetry-flush-guard${userPart()}`, `${readable}-${hash}`);
}

/** Of `key=value,key=value`, as it is written there: it need only be the same every time. */
function serviceName(attributes: string | undefined): string | undefined {
  const pairs = (attributes ?? '').split(',').map(pair => pair.trim());
  const pair = pairs.find(text => text.startsWith('service.name='));
  return given(pair?.slice('service.name='.length));
}
