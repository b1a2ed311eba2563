import { styleText } from 'node:util';

/** The few colours there are. */
export type Colour = 'green' | 'red' | 'yellow' | 'dim' | 'bold';

/** Puts a text in a colour, or leaves it alone. */
export type Paint = (colour: Colour | undefined, text: string) => string;

/** Colours for a terminal that has them and a reader who wants them (https://no-color.org). */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  const noColor = process.env['NO_COLOR'];
  const wanted = stream.isTTY && (noColor === undefined || noColor === '') && process.env['TERM'] !== 'dumb';
  return (colour, text) => (wanted && colour !== undefined ? styleText(colour, text) : text);
}
