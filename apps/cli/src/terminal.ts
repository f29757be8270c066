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
  /** Bytes for programs, as they are. Resolves when there is room for more. */
  write(bytes: Uint8Array): Promise<void>;
  /** Whether nobody gets what is printed any more: who does nothing but print may end. What is printed all the same is dropped, and hurts nobody. */
  readonly isLost: boolean;
  columns: number;
}

export interface OpenTerminal extends Terminal {
  /** Once all that was printed is with whoever reads it: what failed; undefined also where the reader had enough and closed the pipe. */
  flushed(): Promise<Error | undefined>;
}

const CLEAR_LINE = '\r\u001b[2K';

export function openTerminal(out: NodeJS.WriteStream = process.stdout, errors: NodeJS.WriteStream = process.stderr): OpenTerminal {
  let rewriting = false;
  let hasPrinted = false;
  let failed: NodeJS.ErrnoException | undefined;
  const note = (error?: Error | null): void => {
    failed ??= error ?? undefined;
  };
  out.on('error', note);
  // There is nobody left to tell.
  errors.on('error', () => undefined);
  const columns = out.columns || 100;
  const put = (text: string): void => {
    hasPrinted = true;
    out.write(text, note);
  };
  const settle = (): void => {
    if (rewriting) put('\n');
    rewriting = false;
  };
  return {
    columns,
    settle,
    get isLost() {
      return failed !== undefined;
    },
    write: (bytes) =>
      new Promise((resolve) => {
        settle();
        hasPrinted = true;
        const hasRoom = out.write(bytes, (error) => {
          note(error);
          resolve();
        });
        if (hasRoom) resolve();
      }),
    flushed: () =>
      new Promise((resolve) => {
        // A full disk refuses even nothing.
        if (!hasPrinted) return resolve(undefined);
        out.write('', (error) => {
          note(error);
          resolve(failed?.code === 'EPIPE' ? undefined : failed);
        });
      }),
    print(line = '') {
      settle();
      put(`${harmless(line)}\n`);
    },
    tell(line) {
      settle();
      errors.write(`${harmless(line)}\n`);
    },
    progress(text) {
      const line = harmless(text);
      if (!out.isTTY) return put(`${line}\n`);
      put(`${CLEAR_LINE}${line.length < columns ? line : `${line.slice(0, columns - 2)}…`}`);
      rewriting = true;
    },
  };
}
