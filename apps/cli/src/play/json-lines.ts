// Reads JSON and remembers on which line each object begins, so that a mistake in a file of a thousand lines can be found.

export class JsonFault extends Error {}

export interface LinedJson {
  value: unknown;
  /** The line on which an object or list of `value` begins. */
  lineOf: (value: object) => number;
}

/** @throws JsonFault that names line and column */
export function parseWithLines(text: string): LinedJson {
  const reader = new Reader(text);
  const value = reader.document();
  return { value, lineOf: (object) => reader.lines.get(object) ?? 1 };
}

const SPACE = /[ \t\r\n]*/y;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y; // eslint-disable-line no-control-regex
const DEEPEST = 64;

class Reader {
  readonly lines = new WeakMap<object, number>();
  private at = 0;
  private counted = 0;
  private lineNow = 1;

  constructor(private readonly text: string) {}

  document(): unknown {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw this.fault('there is more behind its end');
    return value;
  }

  private value(depth: number): unknown {
    if (depth > DEEPEST) throw this.fault(`it is nested deeper than ${DEEPEST} levels`);
    this.skipSpace();
    const next = this.text[this.at];
    if (next === '{') return this.object(depth);
    if (next === '[') return this.list(depth);
    if (next === '"') return this.string();
    const literal = this.match(LITERAL);
    if (literal === undefined)
      throw this.fault(next === undefined ? 'it ends too early' : `a value is expected, and ${JSON.stringify(next)} is there`);
    return JSON.parse(literal);
  }

  private object(depth: number): object {
    // Without a prototype, `__proto__` is a key as any other, and is refused as an unknown one.
    const object = Object.create(null) as Record<string, unknown>;
    this.lines.set(object, this.line());
    this.each('}', () => {
      const key = this.string();
      if (key in object) throw this.fault(`the key ${JSON.stringify(key)} is there twice`);
      this.expect(':');
      object[key] = this.value(depth + 1);
    });
    return object;
  }

  private list(depth: number): unknown[] {
    const list: unknown[] = [];
    this.lines.set(list, this.line());
    this.each(']', () => list.push(this.value(depth + 1)));
    return list;
  }

  /** From an opening bracket to the closing one, with commas between. */
  private each(end: string, one: () => void): void {
    this.at += 1;
    this.skipSpace();
    if (this.text[this.at] === end) {
      this.at += 1;
      return;
    }
    for (;;) {
      one();
      this.skipSpace();
      if (this.text[this.at] === end) break;
      if (this.text[this.at] !== ',')
        throw this.fault(
          this.at >= this.text.length
            ? 'it ends too early'
            : `"," or ${JSON.stringify(end)} is expected, and ${JSON.stringify(this.text[this.at])} is there`,
        );
      this.at += 1;
    }
    this.at += 1;
  }

  private string(): string {
    this.skipSpace();
    const found = this.match(STRING);
    if (found === undefined)
      throw this.fault(
        this.text[this.at] === '"'
          ? 'a string is not closed, or holds a control character or a wrong escape'
          : 'a string in double quotes is expected',
      );
    return JSON.parse(found) as string;
  }

  private expect(mark: string): void {
    this.skipSpace();
    if (this.text[this.at] !== mark) throw this.fault(`${JSON.stringify(mark)} is expected`);
    this.at += 1;
  }

  private skipSpace(): void {
    this.match(SPACE);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Counted on from where it was asked last: a long file is passed over once. */
  private line(): number {
    for (; this.counted < this.at; this.counted++) if (this.text[this.counted] === '\n') this.lineNow += 1;
    return this.lineNow;
  }

  private fault(what: string): JsonFault {
    const column = this.at - this.text.lastIndexOf('\n', this.at - 1);
    return new JsonFault(`line ${this.line()}, column ${column}: ${what}`);
  }
}
