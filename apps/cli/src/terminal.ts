// Where a verb prints. Whatever it is, it is made harmless first: no control character moves the cursor, no bidi mark reorders a line.
/* eslint-disable no-control-regex */

/** Controls other than newline and tab, bidi marks and isolates, line separators, and the byte order mark. */
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The text as it may be printed: what could steer the terminal is shown as its code instead. */
export const harmless = (text: string): string => text.replace(HARMFUL, (found) => `\\u{${found.charCodeAt(0).toString(16)}}`);

/** On one line. */
export const harmlessLine = (text: string): string =>
  harmless(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/\t/g, ' ');

/** JSON in which nothing steers a terminal: whoever reads it gets what was recorded. */
export const harmlessJson = (json: string): string =>
  json.replace(HARMFUL, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

export interface Terminal {
  print(line?: string): void;
  /** On standard error. */
  tell(line: string): void;
  /** A line that the next one rewrites, where the output is a terminal; else a line as any other. */
  progress(line: string): void;
  /** Ends rewriting: what comes next begins a new line. */
  settle(): void;
  columns: number;
}

const CLEAR_LINE = '\r\u001b[2K';

export function openTerminal(out: NodeJS.WriteStream = process.stdout, errors: NodeJS.WriteStream = process.stderr): Terminal {
  let rewriting = false;
  const columns = out.columns || 100;
  const settle = (): void => {
    if (rewriting) out.write('\n');
    rewriting = false;
  };
  return {
    columns,
    settle,
    print(line = '') {
      settle();
      out.write(`${harmless(line)}\n`);
    },
    tell(line) {
      settle();
      errors.write(`${harmless(line)}\n`);
    },
    progress(text) {
      const line = harmless(text);
      if (!out.isTTY) return void out.write(`${line}\n`);
      out.write(`${CLEAR_LINE}${line.length < columns ? line : `${line.slice(0, columns - 2)}…`}`);
      rewriting = true;
    },
  };
}
