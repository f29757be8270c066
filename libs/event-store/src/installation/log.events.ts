// The stream `log`: what concerns the whole history.
import {
  LOG_STREAM,
  sealText,
  type Decider,
  type DomainEvent,
  type EventType,
  type LocalizedText,
  type SealedText,
  type StoredEvent,
  type StreamName,
  type Uuid,
} from '#kernel';
import type { RemovedValue } from '../port.js';

/** Record 1 of every history. */
export type LogOpened = DomainEvent<
  'log-opened',
  {
    /** Schema-less URL that names this history in its checkpoints; never changes. */
    origin: string;
    /** Verifier key (C2SP signed-note) of the installation; its name is the origin. */
    verifierKey: string;
  }
>;

/** A process manager acts on what is recorded after this. */
export type ProcessManagerStarted = DomainEvent<'process-manager-started', { name: string }>;

/** An operator found the clock right: instants are reckoned anew from here. */
export type ClockAccepted = DomainEvent<'clock-accepted', { reason: SealedText }>;

/** The law demanded that texts go. Every node withholds them from here on, and destroys them where they lie. */
export type ValueRemoved = DomainEvent<'value-removed', { values: RemovedValue[]; reason: SealedText; authority: SealedText }>;

/** A day of a node's access log is over. */
export type AccessDayClosed = DomainEvent<
  'access-day-closed',
  {
    /** Which node's. */
    node: Uuid;
    /** The day in UTC. */
    day: string;
    entries: number;
    /** Hex SHA-256 of the file's bytes. */
    hash: string;
  }
>;

/** Record numbers, both inclusive. */
export interface RecordRange {
  from: number;
  to: number;
}

/**
 * A log that had lost its tail was restored up to what was signed. What was nowhere stands there as placeholders: leaf entries
 * without what they said. Their streams take no commands until somebody answers for that.
 */
export type HistoryRestored = DomainEvent<
  'history-restored',
  {
    /** How many records were signed, and stand again. */
    size: number;
    /** The placeholders. */
    lost: RecordRange[];
    /** The streams that hold them, each with the revision of the first. */
    streams: { stream: StreamName; revision: number }[];
    reason: SealedText;
    authority: SealedText;
  }
>;

/** Somebody answered for a stream of which events were lost: it takes commands again. */
export type StreamReopened = DomainEvent<'stream-reopened', { stream: StreamName; reason: SealedText; authority: SealedText }>;

/** Another key signs from here on. */
export type SigningKeyChanged = DomainEvent<
  'signing-key-changed',
  {
    /** Verifier keys of the origin: the one that was in force, and the one that is now. */
    from: string;
    to: string;
    /** Signed note (C2SP) that states the change, by both keys. */
    note: string;
    reason: SealedText;
  }
>;

export type LogEvent =
  SigningKeyChanged | LogOpened | ProcessManagerStarted | ClockAccepted | ValueRemoved | HistoryRestored | StreamReopened | AccessDayClosed;

export interface LogState {
  /** The verifier key in force. */
  verifierKey: string;
  managers: Set<string>;
  /** Hashes of the sealed values that were removed. */
  removed: Set<string>;
  /** Of access logs, the days that are closed. */
  accessDays: Set<string>;
  /** Streams that hold placeholders, each with the revision of the first. */
  incomplete: Map<StreamName, number>;
  /** Of these, the ones that take commands again. */
  reopened: Set<StreamName>;
}

export const accessDayKey = ({ node, day }: Pick<AccessDayClosed['data'], 'node' | 'day'>): string => `${node} ${day}`;

export const logDecider: Decider<LogState, LogEvent> = {
  category: 'log',
  initial: () => ({
    verifierKey: '',
    managers: new Set(),
    removed: new Set(),
    accessDays: new Set(),
    incomplete: new Map(),
    reopened: new Set(),
  }),
  evolve(state, event) {
    if (event.type === 'log-opened') state.verifierKey = event.data.verifierKey;
    if (event.type === 'signing-key-changed') state.verifierKey = event.data.to;
    if (event.type === 'process-manager-started') state.managers.add(event.data.name);
    if (event.type === 'value-removed') for (const { hash } of event.data.values) state.removed.add(hash);
    if (event.type === 'access-day-closed') state.accessDays.add(accessDayKey(event.data));
    if (event.type === 'history-restored') for (const each of event.data.streams) incomplete(state, each);
    if (event.type === 'stream-reopened') state.reopened.add(event.data.stream);
    return state;
  },
  bodies: () => [],
  touches: (event) =>
    event.type === 'process-manager-started' || event.type === 'value-removed' || event.type === 'access-day-closed' ? [event.id] : [],
};

function incomplete(state: LogState, { stream, revision }: { stream: StreamName; revision: number }): void {
  state.incomplete.set(stream, Math.min(revision, state.incomplete.get(stream) ?? Infinity));
  // Whoever answered for an earlier loss did not know of this one.
  state.reopened.delete(stream);
}

export const logEventTypes = {
  'log-opened': { version: 1 },
  'process-manager-started': { version: 1 },
  'clock-accepted': { version: 1 },
  'value-removed': { version: 1 },
  'access-day-closed': { version: 1 },
  'history-restored': { version: 1 },
  'stream-reopened': { version: 1 },
  'signing-key-changed': { version: 1 },
} satisfies Record<LogEvent['type'], EventType>;

/** What a restore says of records that it could not bring back. */
export const historyRestored = ({
  size,
  lost,
  streams,
  reason,
  authority,
}: Omit<HistoryRestored['data'], 'reason' | 'authority'> & { reason: LocalizedText; authority: LocalizedText }): HistoryRestored => ({
  type: 'history-restored',
  data: { size, lost, streams, reason: sealText(reason), authority: sealText(authority) },
});

/** What an event removes: nothing, unless it is a removal that was not lost itself. */
export function removedValues({ stream, type, data, lost }: StoredEvent): readonly RemovedValue[] {
  return stream === LOG_STREAM && type === 'value-removed' && !lost ? (JSON.parse(data) as ValueRemoved['data']).values : [];
}
