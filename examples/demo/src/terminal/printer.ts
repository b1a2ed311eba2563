import { widthOf } from './width.js';
import { wrap } from './wrap.js';

/** Writes whole lines: broken between words for a terminal, as they are for anything else. */
export function printerFor(stream: NodeJS.WriteStream): (line: string) => void {
  return line => {
    if (!stream.writable) return;
    for (const part of stream.isTTY ? wrap(line, widthOf(stream)) : [line]) stream.write(`${part}\n`);
  };
}
