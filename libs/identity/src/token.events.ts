// Tokens: who may do what, from when until when. The secret itself is nowhere; its hash is.
import type { DomainEvent, EventCommons, EventType, Role, SealedReason, SealedText, Uuid } from '#kernel';

/** A token was made. */
export type TokenIssued = DomainEvent<
  'token-issued',
  EventCommons & {
    /** One human or service, the same for all its tokens. */
    subject: Uuid;
    /** Hex SHA-256 of the secret. */
    secretHash: string;
    role: Role;
    /** The bodies for which a secretariat writes. */
    bodies: 'all' | Uuid[];
    /** Of a delegate. */
    organisation?: Uuid;
    /** Whose it is, in words. */
    name: SealedText;
  }
>;

/** The token is worth nothing from now on. */
export type TokenRevoked = DomainEvent<'token-revoked', EventCommons & { reason: SealedReason }>;

export type TokenEvent = TokenIssued | TokenRevoked;

export const tokenEventTypes = { 'token-issued': { version: 1 }, 'token-revoked': { version: 1 } } satisfies Record<
  TokenEvent['type'],
  EventType
>;
