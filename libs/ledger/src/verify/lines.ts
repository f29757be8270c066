// Bytes as lines, without holding more than one of them.
import { Malformed, MAX_LINE_CHARS } from '../core/index.js';

/** The lines of UTF-8 text, without their newlines. @throws Malformed for bytes that are no UTF-8, and for a line without end */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoded(decoder, chunk)).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE_CHARS) throw new Malformed('has a line that does not end');
    yield* lines;
  }
  rest += decoded(decoder);
  if (rest !== '') yield rest;
}

function decoded(decoder: InstanceType<typeof TextDecoder>, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    throw new Malformed('holds bytes that are no UTF-8');
  }
}
