// The stream `log`: what concerns the whole history.
import type { Decider, DomainEvent, EventType, SealedText } from '#kernel';

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

export type LogEvent = LogOpened | ProcessManagerStarted | ClockAccepted;

export interface LogState {
  managers: Set<string>;
}

export const logDecider: Decider<LogState, LogEvent> = {
  category: 'log',
  initial: () => ({ managers: new Set() }),
  evolve(state, event) {
    if (event.type === 'process-manager-started') state.managers.add(event.data.name);
    return state;
  },
  bodies: () => [],
  touches: (event) => (event.type === 'process-manager-started' ? [event.id] : []),
};

export const logEventTypes = {
  'log-opened': { version: 1 }, 'process-manager-started': { version: 1 }, 'clock-accepted': { version: 1 },
} satisfies Record<LogEvent['type'], EventType>;
