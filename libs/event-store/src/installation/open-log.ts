// Record 1: the start that finds an empty log writes it; every other start reads it and proves that its keys are the right ones.
import type { KeyObject } from 'node:crypto';
import { derivedId, LOG_STREAM, utcTime, type Revision, type StoredEvent, type Uuid } from '#kernel';
import { verifierKey } from '#ledger/core';
import { sha256 } from '#ledger/verify';
import { WrongExpectedRevision } from '../errors.js';
import type { EventStore } from '../port.js';
import { findForgery, Sealer } from '../sealer.js';
import { assertDigestKey } from './key-check.js';
import { KeysUnusable, makeKeys, rawPublicKey, readKeys, settleSigningKey, InstallationKeys } from './keys.js';
import type { LogOpened, SigningKeyChanged } from './log.events.js';

export interface Installation {
  keys: InstallationKeys;
  origin: string;
  /** The verifier key in force, and those that were before it. */
  verifierKey: string;
  formerKeys: readonly string[];
  /** Whether this start wrote record 1. */
  isNew: boolean;
}

/** How long a node without the signing key waits for the one that has it. */
const OPENED_WITHIN_MS = 60_000;

/**
 * Opens the history: finds or writes record 1. On a store that other nodes share, one without the signing key waits for record 1.
 * @param newOrigin the origin of a history that is opened now
 * @throws KeysUnusable where record 1 stands and the keys are missing or not those with which it was written
 */
export async function openLog(store: EventStore, keysDirectory: string, newOrigin: string, nowMs: number): Promise<Installation> {
  const found = readKeys(keysDirectory);
  const first = await readFirst(store);
  if (first) return opened(store, first, found, keysDirectory, false);
  if (store.checksAre === 'read-around' && found.writer && found.digest && !found.signing) {
    return opened(store, await nextFirst(store, keysDirectory), found, keysDirectory, false);
  }
  const keys = await completeKeys(found, keysDirectory);
  try {
    await writeFirst(store, keys, newOrigin, nowMs);
  } catch (error) {
    // Two starts raced for an empty log: the other one's record 1 stands, and must be sealed with our keys.
    if (!(error instanceof WrongExpectedRevision)) throw error;
  }
  return opened(store, (await readFirst(store))!, keys, keysDirectory, true);
}

async function readFirst(store: EventStore): Promise<StoredEvent | undefined> {
  for await (const [event] of store.readStream(LOG_STREAM, { limit: 1 })) return event;
  return undefined;
}

async function nextFirst(store: EventStore, directory: string): Promise<StoredEvent> {
  for await (const notice of store.subscribe({ signal: AbortSignal.timeout(OPENED_WITHIN_MS) })) {
    if (notice.kind === 'events') return notice.events[0]!;
  }
  throw new KeysUnusable(
    `${directory} holds no signing.key, and no other node has opened the history within ${OPENED_WITHIN_MS / 1000} s: start the one that has the signing key first`,
  );
}

async function completeKeys(found: Partial<InstallationKeys>, directory: string): Promise<InstallationKeys> {
  if (!found.writer && !found.digest && !found.signing) return makeKeys(directory);
  if (found.writer && found.digest && found.signing) return new InstallationKeys(found.writer, found.digest, found.signing);
  throw new KeysUnusable(
    `${directory} holds some of writer.key, digest.key and signing.key, but a new history needs all three: put the missing ones there, or remove the rest`,
  );
}

const writtenKey = (origin: string, signing: KeyObject): string => verifierKey(sha256, origin, rawPublicKey(signing));

async function writeFirst(store: EventStore, keys: InstallationKeys, origin: string, nowMs: number): Promise<void> {
  const data: LogOpened['data'] = { origin, verifierKey: writtenKey(origin, keys.signing!) };
  const recordedAt = utcTime(nowMs);
  const commandId = derivedId(origin, 'log-opened');
  const event = new Sealer(keys.writer).seal(LOG_STREAM, 0 as Revision, recordedAt, {
    id: derivedId(commandId, 'event/0'),
    event: { type: 'log-opened', data },
    schemaVersion: 1,
    metadata: { occurredAt: recordedAt as never, actor: { subject: SYSTEM_SUBJECT, role: 'system' }, commandId, correlation: commandId },
  });
  await store.append({ stream: LOG_STREAM, expected: 'none', events: [event] });
}

/** The installation itself, where no person acts. */
export const SYSTEM_SUBJECT = '00000000-0000-8000-8000-000000000001' as Uuid;

async function opened(
  store: EventStore,
  first: StoredEvent,
  keys: Partial<InstallationKeys>,
  directory: string,
  isNew: boolean,
): Promise<Installation> {
  const { writer, digest } = keys;
  if (!writer || !digest) {
    const missing = [!writer && 'writer.key', !digest && 'digest.key'].filter(Boolean).join(' and ');
    throw new KeysUnusable(
      `the history is opened already, and ${missing} is missing in ${directory}: bring the keys of this installation (PLENARY_KEYS names their directory); new ones would not fit`,
    );
  }
  if (first.type !== 'log-opened' || findForgery(writer, first)) {
    throw new KeysUnusable(
      `record 1 was not sealed with the writer key in ${directory}: these are the keys of another installation, or record 1 was changed`,
    );
  }
  await assertDigestKey(store, { writer, digest }, first.leaf, directory);
  const { origin, verifierKeys: named } = (await nameOfHistory(store, writer))!;
  return {
    keys: new InstallationKeys(writer, digest, keys.signing),
    origin,
    verifierKey: named.at(-1)!,
    formerKeys: named.slice(0, -1),
    isNew,
  };
}

export interface NamedHistory {
  origin: string;
  /** One after another: that of record 1, and of each change that a node of this installation recorded. */
  verifierKeys: string[];
}

/** What the record says of whose it is; undefined before record 1, or where another installation wrote that. */
export async function nameOfHistory(store: Pick<EventStore, 'readStream'>, writer: Buffer): Promise<NamedHistory | undefined> {
  let named: NamedHistory | undefined;
  for await (const events of store.readStream(LOG_STREAM)) {
    for (const event of events) {
      const forged = findForgery(writer, event);
      // No key stands in a text: of what was altered there, others speak.
      if (event.lost || forged === 'leaf' || forged === 'seal') continue;
      if (event.type === 'log-opened' && event.revision === 0) {
        const { origin, verifierKey } = JSON.parse(event.data) as LogOpened['data'];
        named = { origin, verifierKeys: [verifierKey] };
      }
      if (event.type === 'signing-key-changed') named?.verifierKeys.push((JSON.parse(event.data) as SigningKeyChanged['data']).to);
    }
  }
  return named;
}

/**
 * The installation with the signing key that is in force: a change of keys that was cut short is finished, or discarded. A node without
 * the key is one that does not sign; one with another key would sign what nobody can verify. Not to be called on a log that lost its end,
 * which may have lost the change as well.
 * @throws KeysUnusable
 */
export async function withSigningKey(installation: Installation, directory: string): Promise<Installation> {
  const {
    keys: { writer, digest },
    origin,
    verifierKey: named,
  } = installation;
  const signing = await settleSigningKey(directory, (key) => writtenKey(origin, key) === named);
  if (!signing || writtenKey(origin, signing) === named) return { ...installation, keys: new InstallationKeys(writer, digest, signing) };
  throw new KeysUnusable(
    `signing.key in ${directory} is not the key that the record names (${named}): bring the one of this installation, or take it away where this node is not to sign`,
  );
}
