import { basename } from 'node:path';
import ts from 'typescript';

/** The ways in which TypeScript programs are set up, each with the file extensions that it makes sense with. */
export const MODULE_MODES = {
  node20: { options: { module: 'node20' }, extensions: ['.ts', '.mts'] },
  nodenext: { options: { module: 'nodenext' }, extensions: ['.ts', '.mts'] },
  bundler: { options: { module: 'esnext', moduleResolution: 'bundler' }, extensions: ['.ts'] },
  'classic commonjs': {
    options: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
    extensions: ['.ts'],
  },
} as const satisfies Record<string, { options: object; extensions: readonly string[] }>;

/** What the compiler says about files that use our packages, each as `file:line TScode`, with its text after it. */
export function compileConsumer(
  folder: string,
  files: readonly string[],
  mode: keyof typeof MODULE_MODES,
): string[] {
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    {
      ...MODULE_MODES[mode].options,
      target: 'es2022',
      // No DOM, no Node: our types may need nothing that a program has not asked for (TypeScript 6 includes no @types unasked).
      lib: ['es2022'],
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
    },
    folder,
  );
  const program = ts.createProgram(files, options);
  // API 1.10.0 needs `console` of the DOM or of Node.js, which a program without either does not have.
  const ofTheApi = /[\\/]node_modules[\\/]@opentelemetry[\\/]api[\\/]/;
  const found = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || !ofTheApi.test(file.fileName));
  return [...errors, ...found].map(diagnostic => {
    const { file, start = 0, code, messageText } = diagnostic;
    const where =
      file === undefined
        ? 'options'
        : `${basename(file.fileName)}:${file.getLineAndCharacterOfPosition(start).line + 1}`;
    return `${where} TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
