// What may be stored: plain JSON that every implementation of RFC 8785 (JCS) writes to the same bytes.
import canonicalize from 'canonicalize';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A place in a JSON value that may not be stored: `path` as in `text[0].lang`, `reason` as a sentence without a full stop. */
export interface Unstorable {
  path: string;
  reason: string;
}

/** Deeper than any honest command, and far from the end of the stack. */
export const MAX_JSON_DEPTH = 32;

const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
// Control characters but newline and tab; the DEL and C1 range too, since terminals obey it.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** The first place of `value` that may not be stored, or undefined. Never throws, whatever it is given. */
export function findUnstorable(value: unknown, path = '', depth = 0): Unstorable | undefined {
  switch (typeof value) {
    case 'string':
      return findUnstorableText(value, path);
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? undefined
        : { path, reason: 'is a number that is not a safe integer; write decimals as strings' };
    case 'boolean':
      return undefined;
    case 'object':
      if (value === null) return undefined;
      if (depth >= MAX_JSON_DEPTH) return { path, reason: `is nested deeper than ${MAX_JSON_DEPTH} levels` };
      return Array.isArray(value) ? inArray(value, path, depth) : inObject(value, path, depth);
    default:
      return { path, reason: `is of type ${typeof value}, which JSON does not have` };
  }
}

function findUnstorableText(text: string, path: string): Unstorable | undefined {
  if (!text.isWellFormed()) return { path, reason: 'contains a lone surrogate, which is not valid Unicode' };
  if (CONTROL.test(text)) return { path, reason: 'contains a control character other than newline and tab' };
  return undefined;
}

function inArray(value: unknown[], path: string, depth: number): Unstorable | undefined {
  for (let index = 0; index < value.length; index++) {
    const found = findUnstorable(value[index], `${path}[${index}]`, depth + 1);
    if (found) return found;
  }
  return undefined;
}

function inObject(value: object, path: string, depth: number): Unstorable | undefined {
  // What is looked at here would not be what is written.
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return { path, reason: 'writes itself as something else' };
  for (const key of Object.keys(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    if (FORBIDDEN_KEYS.has(key)) return { path: below, reason: 'is a name that no object here may have' };
    const badKey = findUnstorableText(key, below);
    if (badKey) return badKey;
    const found = findUnstorable((value as Record<string, unknown>)[key], below, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/**
 * The value with its keys in the order of RFC 8785, so that JSON.stringify writes the canonical bytes. Undefined where a key
 * begins with a digit: JavaScript may put it elsewhere.
 */
function inOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(inOrder);
    return items.includes(undefined) ? undefined : items;
  }
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const inner = inOrder((value as Record<string, unknown>)[key]);
    if (inner === undefined || (key >= '0' && key < ':')) return undefined;
    ordered[key] = inner;
  }
  return ordered;
}

/** RFC 8785 bytes (as a string) of a value that `findUnstorable` accepts. @throws TypeError for any other value. */
export function canonicalJson(value: unknown): string {
  const found = findUnstorable(value);
  if (found) throw new TypeError(`not storable: ${found.path || 'the value'} ${found.reason}`);
  const ordered = inOrder(value);
  return ordered === undefined ? canonicalize(value)! : JSON.stringify(ordered);
}
