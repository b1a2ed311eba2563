import { exportedNames } from './exported-names.js';
import type { ExportedNames } from './exported-names.js';
import { entryPoints, productPackages } from './product-packages.js';

/** The exported names of every entry point, by what a consumer writes after `from`. */
export type PublicSurface = Readonly<Record<string, ExportedNames>>;

/** The surface as compiled. */
export function publicSurface(): PublicSurface {
  const entries = productPackages().flatMap(entryPoints);
  const names = exportedNames(entries.map(({ types }) => types));
  return Object.fromEntries(entries.map(({ specifier }, index) => [specifier, names[index]!]));
}
