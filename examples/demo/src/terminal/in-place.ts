import { stripVTControlCharacters } from 'node:util';
import { widthOf } from './width.js';

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_LINE = '\u001b[2K';
const CLEAR_BELOW = '\u001b[J';

/** Lines that are drawn again and again at the same place of a terminal. */
export class InPlace {
  readonly #stream: NodeJS.WriteStream;
  readonly #showCursor = (): void => {
    this.#stream.write(SHOW_CURSOR);
  };
  #drawn = 0;
  #ended = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    stream.write(HIDE_CURSOR);
    // However this process ends, short of SIGKILL.
    process.once('exit', this.#showCursor);
  }

  /** Draws these lines over the ones before. */
  draw(lines: readonly string[]): void {
    if (this.#ended) return;
    const up = this.#drawn === 0 ? '' : `\u001b[${this.#drawn}A\r`;
    const fitting = lines.map(line => CLEAR_LINE + fit(line, widthOf(this.#stream)));
    this.#stream.write(`${up}${fitting.join('\n')}\n${CLEAR_BELOW}`);
    this.#drawn = lines.length;
  }

  /** Leaves the lines where they are and gives the cursor back. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    process.removeListener('exit', this.#showCursor);
    this.#showCursor();
  }
}

/** A line that wraps would spoil the count of lines; cut, it loses its colours. */
function fit(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line);
  return plain.length <= columns ? line : plain.slice(0, columns);
}
