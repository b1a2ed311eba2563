/** More of what others say is not repeated. */
const LONGEST_WORDS = 200;

/** The start of a `google.rpc.Status` in protobuf, which is what an endpoint refuses with: its code, then tag and length of its message. */
const STATUS_START = /^(?:\u0008[^\u0012]{1,2})?\u0012(?:[\u0001-\u007f]|[\u0080-\uffff][\u0001-\u007f])/u;

/** What was thrown, or came as an error of the network, in words that name its code. */
export function wordsOfError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return shortened(String(error));
  const { code, message } = error as Partial<Record<'code' | 'message', unknown>>;
  const said = typeof message === 'string' ? message : '';
  // An attempt at several addresses fails with a code and no message.
  const words = typeof code !== 'string' || said.includes(code) ? [said] : [code, said];
  return shortened(words.filter(word => word !== '').join(': ')) || 'failed';
}

/** `HTTP 400: message`; the message is that of the `Status` in the body, as JSON or protobuf, or the body's text. */
export function wordsOfStatus(status: number, body: string): string {
  const said = shortened(statusMessage(body));
  return said === '' ? `HTTP ${status}` : `HTTP ${status}: ${said}`;
}

function statusMessage(body: string): string {
  if (STATUS_START.test(body)) return body.replace(STATUS_START, '');
  try {
    const { message } = JSON.parse(body) as { readonly message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // It is no JSON.
  }
  return body;
}

/** In one line, not too long, without what cannot be printed. */
export function shortened(words: string): string {
  const line = words
    .slice(0, 2 * LONGEST_WORDS)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
}
