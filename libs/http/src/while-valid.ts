// An answer in many parts ends with the token that asked for it.
import type { ReadRequest } from './request.js';

/** The parts, each as long as the token of the request is valid: asked again before each. */
export async function* whileValid<Part>(
  parts: AsyncIterable<Part>,
  { isStillValid }: Pick<ReadRequest, 'isStillValid'>,
  otherwise?: Part,
): AsyncGenerator<Part> {
  for await (const part of parts) {
    if (isStillValid && !(await isStillValid())) {
      if (otherwise !== undefined) yield otherwise;
      return;
    }
    yield part;
  }
}
