// The report of a bundle: each statement points into an event, and there must stand what it says.
import { Malformed, type EventLine, type FactLine } from '../core/index.js';

/** Deeper than anything that is recorded: the canonical form goes no further either. */
const MAX_DEPTH = 64;

/** The parts of an event that statements point into; parsed when the first does. */
export class PointedEvent {
  private readonly parsed: { data?: unknown; meta?: unknown } = {};
  private texts: Map<string, string> | undefined;
  /** How many statements stand below it. */
  statements = 0;

  constructor(private readonly event: EventLine) {}

  get index(): number {
    return this.event.index;
  }

  /** Whether the statement is borne out. */
  bears({ pointer, part = 'data', value }: FactLine): boolean {
    try {
      return isSame(at(this.part(part), pointer), value);
    } catch (error) {
      if (error instanceof Malformed || error instanceof SyntaxError) return false;
      throw error;
    }
  }

  private part(part: 'data' | 'meta' | 'leaf'): unknown {
    const { stream, rev, id, type, tv, at: recordedAt } = this.event;
    if (part === 'leaf') return { stream, rev, id, type, tv, at: recordedAt };
    this.texts ??= new Map(this.event.sealed.map(({ hash, value }) => [hash, value]));
    this.parsed[part] ??= this.open(JSON.parse(this.event[part]));
    return this.parsed[part];
  }

  /** With `{"$sealed": hash}` replaced by the text, or by `{"$removed": hash}` where it is not there. */
  private open(value: unknown, depth = 0): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (depth === MAX_DEPTH) throw new Malformed('is nested too deep');
    if (Array.isArray(value)) return value.map((each) => this.open(each, depth + 1));
    const { $sealed } = value as { $sealed?: unknown };
    if (typeof $sealed === 'string') return this.texts!.get($sealed) ?? { $removed: $sealed };
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.open(inner, depth + 1)]));
  }
}

/** RFC 6901. @throws Malformed where nothing stands there */
function at(value: unknown, pointer: string): unknown {
  if (pointer !== '' && !pointer.startsWith('/')) throw new Malformed('is no JSON pointer');
  for (const token of pointer.split('/').slice(1)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key) || (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(key)))
      throw new Malformed('points at nothing');
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

function isSame(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]))
  );
}
