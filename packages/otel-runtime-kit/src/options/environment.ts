/** The part of `process.env` that is read; own type, as a consumer need not have the types of Node. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A number > 0 from an environment variable. Unset and empty are the same, as OpenTelemetry has it; a bad value never
 * throws: it is told to `onProblem`, and the default holds
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 */
export function positiveNumberFromEnvironment(
  name: string,
  environment: Environment,
  onProblem: (message: string) => void,
): number | undefined {
  const text = environment[name]?.trim() ?? '';
  if (text === '') return undefined;
  const value = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  onProblem(
    `${name} must be a number > 0 in plain digits, got ${JSON.stringify(text.slice(0, 80))}; it is ignored`,
  );
  return undefined;
}
