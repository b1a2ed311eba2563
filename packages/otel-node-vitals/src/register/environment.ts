/** The part of `process.env` that is read. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Told of a variable whose value makes no sense; the default holds then. */
export type OnProblem = (message: string) => void;

/** A variable's text; unset and empty are the same, as OpenTelemetry has it. */
export function textOf(environment: Environment, name: string): string | undefined {
  const text = environment[name]?.trim();
  return text === '' ? undefined : text;
}

/**
 * `true` or `false` from a variable, in any case of letters. Anything else is told to `onProblem`, and the default holds
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 */
export function flagOf(
  environment: Environment,
  name: string,
  standard: boolean,
  onProblem: OnProblem,
): boolean {
  const text = textOf(environment, name)?.toLowerCase();
  if (text === undefined) return standard;
  if (text === 'true' || text === 'false') return text === 'true';
  onProblem(`${name} must be true or false, got ${shown(text)}; taken as ${String(standard)}`);
  return standard;
}

/** A whole number in [least, most] from a variable, or the default. */
export function numberOf(
  environment: Environment,
  name: string,
  bounds: { readonly standard: number; readonly least: number; readonly most: number },
  onProblem: OnProblem,
): number {
  const { standard, least, most } = bounds;
  const text = textOf(environment, name);
  if (text === undefined) return standard;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  onProblem(
    `${name} must be a whole number in [${least}, ${most}], got ${shown(text)}; taken as ${standard}`,
  );
  return standard;
}

/** One of a few words from a variable, in any case of letters, or the default. */
export function wordOf<const Word extends string>(
  environment: Environment,
  name: string,
  words: readonly Word[],
  standard: NoInfer<Word>,
  onProblem: OnProblem,
): Word {
  const text = textOf(environment, name)?.toLowerCase();
  if (text === undefined) return standard;
  const word = words.find(candidate => candidate === text);
  if (word !== undefined) return word;
  onProblem(`${name} must be one of ${words.join(', ')}, got ${shown(text)}; taken as ${standard}`);
  return standard;
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
