// Marks on what a person typed. A decider marks, the runner seals (draws the salts): so tests of deciders compare marks.

/** A text that a person typed, not yet sealed. */
export class Sealed {
  constructor(readonly text: string) {}
}

/** Marks `text` to be sealed: the event will hold its salted hash, the value will lie beside it and can be removed by law. */
export const sealed = (text: string): Sealed => new Sealed(text);

/** In stored data, what stands where a typed text was: the hex hash of salt and text. */
export interface SealedReference {
  $sealed: string;
}

/** A typed text as it lies beside the event: `salt` is 32 bytes in hex. */
export interface SealedValue {
  hash: string;
  salt: string;
  value: string;
}

/** What a reader gets in place of a text that was removed because the law demanded it. */
export interface RemovedText {
  $removed: string;
}

export const isSealedReference = (value: unknown): value is SealedReference =>
  typeof value === 'object' && value !== null && typeof (value as SealedReference).$sealed === 'string';

/** The value with every mark replaced by what `seal` answers for its text. The argument is left as it was. */
export function replaceMarks(value: unknown, seal: (text: string) => SealedReference): unknown {
  if (value instanceof Sealed) return seal(value.text);
  if (Array.isArray(value)) return value.map((each) => replaceMarks(each, seal));
  if (typeof value !== 'object' || value === null) return value;
  const replaced: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const inner = (value as Record<string, unknown>)[key];
    if (inner !== undefined) replaced[key] = replaceMarks(inner, seal);
  }
  return replaced;
}

/** The value with every `{"$sealed": hash}` replaced by its text, or by `{"$removed": hash}` where the text is gone. */
export function unseal<T>(value: unknown, texts: ReadonlyMap<string, string>): T {
  if (isSealedReference(value)) {
    const text = texts.get(value.$sealed);
    return (text ?? ({ $removed: value.$sealed } satisfies RemovedText)) as T;
  }
  if (Array.isArray(value)) return value.map((each) => unseal(each, texts)) as T;
  if (typeof value !== 'object' || value === null) return value as T;
  const open: Record<string, unknown> = {};
  for (const key of Object.keys(value)) open[key] = unseal((value as Record<string, unknown>)[key], texts);
  return open as T;
}
