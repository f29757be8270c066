// Who may read an entity. Every entity has an audience; one that states none has its container's.
import type { Uuid } from './ids.js';

export const ROLES = ['secretariat', 'auditor', 'delegate', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export type Audience =
  | { kind: 'public' }
  /** Delegates of the members of the body. */
  | { kind: 'members' }
  /** Delegates of the named organisations, and every holder of a named role. */
  | { kind: 'restricted'; organisations: readonly Uuid[]; roles: readonly Role[] };

/** The same text for audiences that are the same, in whatever order they name whom. Empty where none is stated. */
export const audienceKey = (audience: Audience | undefined): string =>
  audience?.kind === 'restricted'
    ? ['restricted', ...[...audience.organisations].sort(), ...[...audience.roles].sort()].join(' ')
    : (audience?.kind ?? '');

/** Who reads: today's rights, whatever moment is asked for. `bodies` are those whose secretariat the reader belongs to. */
export interface Reader {
  subject: Uuid;
  role: Role | 'public';
  bodies: 'all' | readonly Uuid[];
  organisation?: Uuid | undefined;
}

/** A reader who holds a token, and under whose name commands are recorded. */
export interface Principal extends Reader {
  role: Role;
  token: Uuid;
  name: string | undefined;
}

/** The reader that the public is, where the installation lets the public read. */
export const publicReader: Reader = { subject: '00000000-0000-8000-8000-000000000000' as Uuid, role: 'public', bodies: [] };

export const readsWhole = (reader: Reader, bodies: readonly string[]): boolean =>
  reader.role === 'auditor' ||
  (reader.role === 'secretariat' && (reader.bodies === 'all' || bodies.some((body) => reader.bodies.includes(body as Uuid))));

/**
 * The audience predicate: the one place that says who sees what.
 * @param bodies the bodies that the entity belongs to
 * @param isMember whether an organisation is a member of one of these bodies today
 */
export function maySee(reader: Reader, audience: Audience, bodies: readonly string[], isMember: (organisation: Uuid) => boolean): boolean {
  if (audience.kind === 'public' || readsWhole(reader, bodies)) return true;
  if (reader.role === 'public') return false;
  if (audience.kind === 'restricted' && audience.roles.includes(reader.role)) return true;
  if (reader.role !== 'delegate' || !reader.organisation) return false;
  return audience.kind === 'members' ? isMember(reader.organisation) : audience.organisations.includes(reader.organisation);
}
