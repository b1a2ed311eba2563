/** Version of this package. Written by scripts/write-versions.mjs at release; a test compares it with package.json. */
export const VERSION = '0.1.0';
