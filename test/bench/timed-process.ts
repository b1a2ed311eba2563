import { spawn } from 'node:child_process';

/** Seconds from the start of a process. */
// A type alias, not an interface, as it travels as a sample.
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions
export type ProcessTimes = {
  /** Until its first line on stdout. */
  readonly line: number;
  /** Until it has ended. */
  readonly end: number;
};

/** What to start, and where. */
export interface TimedCommand {
  /** The program; `node` is this one. */
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly nodeOptions?: string;
}

/** Runs a process and takes its times. @throws Error if it fails or says nothing, or complains */
export function timedProcess(command: TimedCommand): Promise<ProcessTimes & { readonly text: string }> {
  const { program, args, cwd, nodeOptions = '' } = command;
  return new Promise((resolve, reject) => {
    const startMillis = performance.now();
    const seconds = (): number => (performance.now() - startMillis) / 1000;
    const child = spawn(program === 'node' ? process.execPath : program, args, {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        NODE_OPTIONS: nodeOptions,
        OTEL_EXPORTER_PROMETHEUS_PORT: '0',
        OTEL_LOG_LEVEL: 'error',
      },
    });
    let line = NaN;
    let text = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      if (text === '') line = seconds();
      text += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaints += chunk));
    let end = NaN;
    child.once('error', reject);
    child.once('exit', () => {
      end = seconds();
    });
    child.once('close', code => {
      if (code === 0) resolve({ line, end, text });
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code ?? 'a signal'}: ${complaints}`));
    });
  });
}
