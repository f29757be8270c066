// The stream `log`: what concerns the whole history.
import { LOG_STREAM, type Decider, type DomainEvent, type EventType, type SealedText, type StoredEvent, type Uuid } from '#kernel';
import type { RemovedValue } from '../port.js';

/** Record 1 of every history. */
export type LogOpened = DomainEvent<'log-opened', {
  /** Schema-less URL that names this history in its checkpoints; never changes. */
  origin: string;
  /** Verifier key (C2SP signed-note) of the installation; its name is the origin. */
  verifierKey: string;
}>;

/** A process manager acts on what is recorded after this. */
export type ProcessManagerStarted = DomainEvent<'process-manager-started', { name: string }>;

/** An operator found the clock right: instants are reckoned anew from here. */
export type ClockAccepted = DomainEvent<'clock-accepted', { reason: SealedText }>;

/** The law demanded that texts go. Every node withholds them from here on, and destroys them where they lie. */
export type ValueRemoved = DomainEvent<'value-removed', { values: RemovedValue[]; reason: SealedText; authority: SealedText }>;

/** A day of a node's access log is over. */
export type AccessDayClosed = DomainEvent<'access-day-closed', {
  /** Which node's. */
  node: Uuid;
  /** The day in UTC. */
  day: string;
  entries: number;
  /** Hex SHA-256 of the file's bytes. */
  hash: string;
}>;

export type LogEvent = LogOpened | ProcessManagerStarted | ClockAccepted | ValueRemoved | AccessDayClosed;

export interface LogState {
  managers: Set<string>;
  /** Hashes of the sealed values that were removed. */
  removed: Set<string>;
  /** Of access logs, the days that are closed. */
  accessDays: Set<string>;
}

export const accessDayKey = ({ node, day }: Pick<AccessDayClosed['data'], 'node' | 'day'>): string => `${node} ${day}`;

export const logDecider: Decider<LogState, LogEvent> = {
  category: 'log',
  initial: () => ({ managers: new Set(), removed: new Set(), accessDays: new Set() }),
  evolve(state, event) {
    if (event.type === 'process-manager-started') state.managers.add(event.data.name);
    if (event.type === 'value-removed') for (const { hash } of event.data.values) state.removed.add(hash);
    if (event.type === 'access-day-closed') state.accessDays.add(accessDayKey(event.data));
    return state;
  },
  bodies: () => [],
  touches: (event) => (event.type === 'process-manager-started' || event.type === 'value-removed' || event.type === 'access-day-closed' ? [event.id] : []),
};

export const logEventTypes = {
  'log-opened': { version: 1 }, 'process-manager-started': { version: 1 }, 'clock-accepted': { version: 1 }, 'value-removed': { version: 1 },
  'access-day-closed': { version: 1 },
} satisfies Record<LogEvent['type'], EventType>;

/** What an event removes: nothing, unless it is a removal. */
export function removedValues({ stream, type, data }: StoredEvent): readonly RemovedValue[] {
  return stream === LOG_STREAM && type === 'value-removed' ? (JSON.parse(data) as ValueRemoved['data']).values : [];
}
