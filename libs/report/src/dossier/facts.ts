// The facts of an event: each value of its data, with the JSON pointer (RFC 6901) to where it stands.
import type { LocalizedText } from '#kernel';
import type { Fact } from './dossier.js';

/** @param data as the record shows it, its texts open */
export function factsOf(data: unknown): Fact[] {
  const facts: Fact[] = [];
  walk(data, '', facts);
  return facts;
}

function walk(value: unknown, pointer: string, facts: Fact[]): void {
  if (isTexts(value)) facts.push({ pointer, texts: value });
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) walk(inner, `${pointer}/${token(key)}`, facts);
  else facts.push({ pointer, value: value as string | number | boolean | null });
}

const token = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

export function isTexts(value: unknown): value is LocalizedText {
  const first = Array.isArray(value) ? (value[0] as { lang?: unknown; text?: unknown } | null | undefined) : undefined;
  return typeof first === 'object' && first !== null && typeof first.lang === 'string' && first.text !== undefined;
}

/** The value to which a pointer leads; undefined where it leads nowhere. */
export function resolve(data: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
    }, data);
}
