// Not a check: whatever is no digit counts as one far outside, exactly as the real serializers have it, so that ids that are none come
// out the same.

/** What a character counts as a hexadecimal digit. */
export function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : code - 0x37;
}

/** {@link hexDigit} of ASCII. */
export const HEX_DIGITS = Int16Array.from({ length: 128 }, (_, code) => hexDigit(code));
