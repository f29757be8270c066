// `{name}` in a path or in a text of a step stands for the id that the step of that name was answered, `{name@stream}` for the id of the
// stream in which that lies (a decision lies in the stream of its proposal), and `{{name}}` for `{name}` itself.

const REFERENCE = /\{\{([^{}]*)\}\}|\{([^{}]*)\}/g;
export const NAME = /^[A-Za-z][A-Za-z0-9._-]{0,79}$/;

const OF_STREAM = '@stream';

/** What a named step was answered. */
export interface Referent {
  id: string;
  /** `proposal-<uuid>` */
  stream: string;
}

/** The names that a path, or anything within a body, refers to. */
export function referencesIn(value: unknown): Set<string> {
  const names = new Set<string>();
  mapTexts(value, (text) => {
    for (const [, , name] of text.matchAll(REFERENCE)) if (name !== undefined) names.add(nameOf(name));
    return text;
  });
  return names;
}

/** The value with every reference replaced. */
export const resolveReferences = <T>(value: T, referents: ReadonlyMap<string, Referent>): T =>
  mapTexts(value, (text) =>
    text.replace(REFERENCE, (whole, literal: string | undefined, reference: string | undefined) =>
      literal !== undefined ? `{${literal}}` : (resolve(reference!, referents) ?? whole),
    ),
  ) as T;

const nameOf = (reference: string): string => (reference.endsWith(OF_STREAM) ? reference.slice(0, -OF_STREAM.length) : reference);

function resolve(reference: string, referents: ReadonlyMap<string, Referent>): string | undefined {
  const referent = referents.get(nameOf(reference));
  return reference.endsWith(OF_STREAM) ? referent?.stream.slice(referent.stream.indexOf('-') + 1) : referent?.id;
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, map)]));
}
