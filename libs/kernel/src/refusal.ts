// A refusal is a value: a rule of the record that a command broke, with what is wrong and what would be right.

/** What a kind of refusal says about itself; docs/errors.md lists all of them and is compared with the code both ways. */
export interface RefusalKind {
  /** The HTTP status that carries it. */
  status: 400 | 401 | 403 | 404 | 408 | 409 | 410 | 412 | 413 | 415 | 422 | 428 | 429 | 431 | 500 | 503;
  /** One line, the same for every occurrence. */
  title: string;
  /** The rule it enforces, with its number in the domain's list where it has one, and what would be right. */
  rule: string;
  /** Whether an override (reason, authority, evidence) lets the command through, marked for ever. */
  overridable?: true;
}

export class Refusal {
  constructor(
    readonly code: string,
    readonly kind: RefusalKind,
    /** What is wrong here, and what would be right: a sentence or two for the person who sent the command. */
    readonly detail: string,
    /** Fields that are at fault, each with its own reason. */
    readonly fields: readonly FieldError[] = [],
    /** Seconds after which the same request may succeed. */
    readonly retryAfter?: number,
  ) {}
}

export interface FieldError {
  field: string;
  reason: string;
}

export type Refusals<K extends string> = {
  readonly [code in K]: ((detail: string, more?: { fields?: FieldError[]; retryAfter?: number }) => Refusal) & {
    readonly kind: RefusalKind;
  };
};

const catalogue = new Map<string, RefusalKind>();

/** Declares a context's refusals: each becomes a function from a detail to a refusal. @throws where a code is declared twice. */
export function refusals<K extends string>(kinds: Record<K, RefusalKind>): Refusals<K> {
  const made: Record<string, unknown> = {};
  for (const [code, kind] of Object.entries<RefusalKind>(kinds)) {
    if (catalogue.has(code)) throw new Error(`the refusal ${code} is declared twice`);
    catalogue.set(code, kind);
    made[code] = Object.assign(
      (detail: string, more?: { fields?: FieldError[]; retryAfter?: number }) =>
        new Refusal(code, kind, detail, more?.fields, more?.retryAfter),
      { kind },
    );
  }
  return made as Refusals<K>;
}

/** Every refusal that the loaded code can answer, by code. */
export const refusalCatalogue = (): ReadonlyMap<string, RefusalKind> => catalogue;

export const isRefusal = (value: unknown): value is Refusal => value instanceof Refusal;
