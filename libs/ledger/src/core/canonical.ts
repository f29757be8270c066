// Whether a text is JSON in the one form in which it is hashed (RFC 8785): no white space, keys sorted and single, integers alone.

/** After a backslash: quote, backslash, n, t. Other control characters are never stored. */
const ESCAPED = new Set([0x22, 0x5c, 0x6e, 0x74]);
const INTEGER = /0|-?[1-9]\d{0,15}/y;
const WORD = /true|false|null/y;
/** Deeper than anything that is recorded, and far from the end of the stack. */
const MAX_DEPTH = 64;

class Scanner {
  private at = 0;

  constructor(private readonly text: string) {}

  isOneValue(): boolean {
    return this.value(0) && this.at === this.text.length;
  }

  private value(depth: number): boolean {
    switch (this.text.charCodeAt(this.at)) {
      case 0x22:
        return this.string();
      case 0x7b:
        return depth < MAX_DEPTH && this.object(depth + 1);
      case 0x5b:
        return depth < MAX_DEPTH && this.array(depth + 1);
      case 0x66:
      case 0x6e:
      case 0x74:
        return this.skip(WORD);
      default:
        return this.integer();
    }
  }

  private object(depth: number): boolean {
    this.at += 1;
    if (this.isAt(0x7d)) return true;
    let before: string | undefined;
    do {
      const from = this.at;
      if (!this.string() || !this.isAt(0x3a)) return false;
      const key = this.text.slice(from + 1, this.at - 2);
      // No key that is recorded needs escaping. By UTF-16 code units, as RFC 8785 sorts and JavaScript compares.
      if (key.includes('\\') || (before !== undefined && before >= key)) return false;
      before = key;
      if (!this.value(depth)) return false;
    } while (this.isAt(0x2c));
    return this.isAt(0x7d);
  }

  private array(depth: number): boolean {
    this.at += 1;
    if (this.isAt(0x5d)) return true;
    do {
      if (!this.value(depth)) return false;
    } while (this.isAt(0x2c));
    return this.isAt(0x5d);
  }

  private string(): boolean {
    if (!this.isAt(0x22)) return false;
    for (;;) {
      const code = this.text.charCodeAt(this.at++);
      if (code === 0x22) return true;
      if (code === 0x5c ? !ESCAPED.has(this.text.charCodeAt(this.at++)) : !(code >= 0x20)) return false;
    }
  }

  private integer(): boolean {
    const from = this.at;
    return this.skip(INTEGER) && Number.isSafeInteger(Number(this.text.slice(from, this.at)));
  }

  private skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return false;
    this.at = pattern.lastIndex;
    return true;
  }

  private isAt(code: number): boolean {
    if (this.text.charCodeAt(this.at) !== code) return false;
    this.at += 1;
    return true;
  }
}

export const isCanonicalJson = (text: string): boolean => text.isWellFormed() && new Scanner(text).isOneValue();

const REFERENCE = /\{"\$sealed":"([0-9a-f]{64})"\}/y;
const SEALED_KEY = '"$sealed":';
const REFERENCE_LENGTH = 78;

/** The hashes of the sealed values that a canonical text refers to; undefined where something looks like a reference and is none. */
export function sealedReferences(canonical: string): string[] | undefined {
  const found: string[] = [];
  // A quote within a string is escaped: this key can stand nowhere else.
  for (let at = canonical.indexOf(SEALED_KEY); at >= 0; at = canonical.indexOf(SEALED_KEY, at + REFERENCE_LENGTH - 1)) {
    REFERENCE.lastIndex = at - 1;
    const hash = REFERENCE.exec(canonical)?.[1];
    if (hash === undefined) return undefined;
    found.push(hash);
  }
  return found;
}
