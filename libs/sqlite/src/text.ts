// Text that SQLite would not give back as it was: cut at NUL by one driver, lone surrogates replaced by all of them.

/** Whether bound text comes back as it went in. */
export const isBindable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** For text that did not pass the kernel's `findUnstorable`. @throws TypeError */
export function assertBindable(text: string, what: string): string {
  if (!isBindable(text)) throw new TypeError(`${what} holds a NUL or a lone surrogate, which SQLite would not give back`);
  return text;
}
