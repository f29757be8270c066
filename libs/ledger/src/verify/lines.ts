// Bytes as lines, without holding more than one of them.
import { Malformed, MAX_LINE_CHARS } from '../core/index.js';

/** The text ends within a line: what comes before it was read whole. */
export class BrokenOff extends Malformed {
  constructor(readonly rest: string) {
    super('does not end: the file breaks off within it');
  }
}

/** The lines of UTF-8 text, without their newlines; what follows the last newline is one too. @throws Malformed */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  try {
    yield* wholeLinesOf(chunks);
  } catch (error) {
    if (!(error instanceof BrokenOff)) throw error;
    yield error.rest;
  }
}

/** The same where every line must end. @throws Malformed for bytes that are no UTF-8, and for a line that is too long; BrokenOff after the last line that ends */
export async function* wholeLinesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoded(decoder, chunk)).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_CHARS) throw new Malformed('has a line that does not end');
    yield* lines;
  }
  rest += endOf(decoder);
  if (rest !== '') throw new BrokenOff(rest);
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk: Uint8Array): string {
  try {
    return decoder.decode(chunk, { stream: true });
  } catch {
    throw new Malformed('holds bytes that are no UTF-8');
  }
}

/** What is left over can only be the beginning of a letter. */
function endOf(decoder: InstanceType<typeof TextDecoder>): string {
  try {
    return decoder.decode();
  } catch {
    return '\ufffd';
  }
}
