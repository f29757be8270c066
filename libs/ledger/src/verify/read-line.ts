// A line of a bundle as one of the known kinds, or not at all: every field there, of its type, and no other.
import { BUNDLE_FORMAT, Malformed, MAX_LINE_CHARS, type BundleLine, type EventLine } from '../core/index.js';

type Check = (value: unknown) => boolean;
type Shape = Record<string, Check>;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`;
/** What a leaf holds needs no escaping in JSON. */
const PLAIN = String.raw`[!#-[\]-~]{1,200}`;

const isText: Check = (value) => typeof value === 'string' && value.isWellFormed();
const matches = (pattern: string): Check => {
  const whole = new RegExp(`^${pattern}$`);
  return (value) => typeof value === 'string' && whole.test(value);
};
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTrueOrFalse: Check = (value) => typeof value === 'boolean';
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional = (check: Check): Check => Object.assign((value: unknown) => value === undefined || check(value), { optional: true });

/** Every key of the shape, each with its check, and no key besides. */
function hasShape(value: object, shape: Shape): boolean {
  let known = 0;
  for (const key in shape) {
    const inner = (value as Record<string, unknown>)[key];
    if (!shape[key]!(inner)) return false;
    if (inner !== undefined) known += 1;
  }
  return Object.keys(value).length === known;
}

const shaped =
  (shape: Shape): Check =>
  (value) =>
    typeof value === 'object' && value !== null && hasShape(value, shape);

/** 32 bytes. By a pattern: to decode it would not do, since Node takes letters of other scripts for digits where their low byte is one. */
const isHash = matches('[0-9a-f]{64}');

/** JSON of a few levels: what a statement can say. */
const isShallow: Check = (value) => value !== undefined && isWithin(value, 8);
const isWithin = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' || value === null || (levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1)));

const KIND: Check = () => true;
const SHAPES: Record<BundleLine['kind'], Shape> = {
  header: {
    kind: KIND,
    format: (value) => value === BUNDLE_FORMAT,
    origin: isText,
    scope: shaped({ kind: isText, id: optional(isText) }),
    size: isCount,
    complete: isTrueOrFalse,
  },
  key: { kind: KIND, note: isText },
  checkpoint: { kind: KIND, note: isText },
  consistency: { kind: KIND, from: isCount, proof: listOf(isText) },
  stream: { kind: KIND, name: matches(PLAIN) },
  tile: { kind: KIND, index: isCount, hashes: isText },
  leaf: { kind: KIND, index: isCount, entry: isText },
  event: {
    kind: KIND,
    index: isCount,
    stream: matches(PLAIN),
    rev: isCount,
    id: matches(UUID),
    type: matches(PLAIN),
    tv: isCount,
    at: matches(TIME),
    data: isText,
    meta: isText,
    salts: shaped({ data: isHash, meta: isHash }),
    seal: isHash,
    sealed: listOf(shaped({ hash: isHash, salt: isHash, value: isText })),
    proof: optional(listOf(isText)),
  },
  fact: {
    kind: KIND,
    order: isCount,
    under: listOf(isText),
    label: isText,
    event: isCount,
    pointer: isText,
    part: optional((value) => value === 'data' || value === 'meta' || value === 'leaf'),
    value: isShallow,
  },
  end: { kind: KIND, events: isCount, leaves: isCount, facts: isCount },
};

const COUNT = '(?:0|[1-9][0-9]{0,14})';
const HASH = '"[0-9a-f]{64}"';
/** A string as JSON.stringify writes it: nothing escaped that need not be, and \\b for \\u0008. */
const TEXT = String.raw`"[^"\\\x00-\x1f]*(?:\\(?:["\\bfnrt]|u00(?:0[0-7bef]|1[0-9a-f]))[^"\\\x00-\x1f]*)*"`;
const object = (fields: Record<string, string>): string =>
  `\\{${Object.entries(fields)
    .map(([key, pattern]) => `"${key}":${pattern}`)
    .join(',')}\\}`;
const VALUE = object({ hash: HASH, salt: HASH, value: TEXT });

/**
 * An event as it is written as a rule. Nearly every line is one, and looking at its text takes half of the time that looking at its
 * fields and writing it again do. What does not match may be a line all the same.
 */
const USUAL_EVENT = new RegExp(
  `^${object({
    kind: '"event"',
    index: COUNT,
    stream: `"${PLAIN}"`,
    rev: COUNT,
    id: `"${UUID}"`,
    type: `"${PLAIN}"`,
    tv: COUNT,
    at: `"${TIME}"`,
    data: TEXT,
    meta: TEXT,
    salts: object({ data: HASH, meta: HASH }),
    seal: HASH,
    sealed: `\\[(?:${VALUE}(?:,${VALUE})*)?\\]`,
  })}$`,
);
/** A pattern remembers where it could go back to: a text of many escapes would take more memory than it has. */
const MAX_USUAL_CHARS = 64 * 1024;

const isUsualEvent = (text: string): boolean => text.length <= MAX_USUAL_CHARS && USUAL_EVENT.test(text) && text.isWellFormed();

/** @throws Malformed, with what is wrong as the end of a sentence */
export function readLine(text: string): BundleLine {
  if (isUsualEvent(text)) return JSON.parse(text) as EventLine;
  if (text.length > MAX_LINE_CHARS) throw new Malformed('is too long');
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw new Malformed('is no JSON');
  }
  const kind = typeof line === 'object' && line !== null ? (line as { kind?: unknown }).kind : undefined;
  if (typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) throw new Malformed('is of no kind that a bundle has');
  if (!hasShape(line as object, SHAPES[kind as BundleLine['kind']])) throw new Malformed(`is no ${kind} as the format has it`);
  // Checked last: by now it is no deeper than a line can be. A key that stands twice would be read differently by others.
  if (JSON.stringify(line) !== text)
    throw new Malformed('is not written as a line is: without white space, no key twice, nothing escaped that need not be');
  return line as BundleLine;
}

export interface LeafFieldsRead {
  stream: string;
  rev: number;
  type: string;
}

const ENTRY: Shape = {
  v: (value) => value === 1,
  stream: matches(PLAIN),
  rev: isCount,
  id: matches(UUID),
  type: matches(PLAIN),
  tv: isCount,
  at: matches(TIME),
  data: isHash,
  meta: isHash,
};

/** What a leaf entry says, where it is one in every field; undefined otherwise. Its bytes are compared by whoever writes it anew. */
export function readEntry(entry: string): (LeafFieldsRead & Pick<EventLine, 'id' | 'tv' | 'at' | 'data' | 'meta'>) | undefined {
  try {
    const fields: unknown = JSON.parse(entry);
    return shaped(ENTRY)(fields) ? (fields as never) : undefined;
  } catch {
    return undefined;
  }
}
