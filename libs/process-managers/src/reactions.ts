// What the process managers do on one event: each asks the register as of that record, and its commands go to their targets.
import { SYSTEM_SUBJECT, type LoggedEvent, type Runner } from '#event-store';
import { streamName, type RecordNumber, type Refusal, type Uuid } from '#kernel';
import { openEvent, type EventCatalogue, type ProjectedEvent, type ReadModels } from '#read-models';
import type { ProcessManager, Reaction } from './process-manager.js';
import { processManagerRefusals } from './process-manager-refusals.js';
import { registerAt } from './register-at.js';
import { reactionId } from './start-process-manager.js';

export interface ReactionsParts {
  runner: Runner;
  readModels: ReadModels;
  catalogue: EventCatalogue;
  /** Told of a reaction that the target refused: the second event is missing, and an operator should know. */
  onRefused: (manager: string, trigger: Uuid, refusal: Refusal) => void;
  /** @throws while nothing may be recorded */
  assertMayRecord: () => void;
}

/** As an event of which nobody thought makes it. A store says what is wrong with errors of its own, and is asked again. */
const isFaultOfProgram = (error: unknown): error is Error =>
  error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;

export class Reactions {
  private readonly byType = new Map<string, { manager: ProcessManager; from: RecordNumber }[]>();

  constructor(private readonly parts: ReactionsParts) {}

  /** The manager reacts to what comes after that record. */
  add(manager: ProcessManager, from: RecordNumber): void {
    for (const type of manager.triggers)
      this.byType.set(type, [...(this.byType.get(type) ?? []).filter((each) => each.manager !== manager), { manager, from }]);
  }

  /** Of the events to which anybody reacts. */
  get types(): string[] {
    return [...this.byType.keys()];
  }

  /** Whether anything was to be done. */
  async to(event: LoggedEvent, record: RecordNumber): Promise<boolean> {
    // What it said is lost, and so is what would have followed from it.
    if (event.lost) return false;
    const trigger = openEvent(event, record, this.parts.catalogue);
    if (trigger.meta.source) return false;
    let reacted = false;
    for (const { manager, from } of this.byType.get(event.type)!) {
      if (record <= from) continue;
      for (const reaction of (await this.attempt(manager, trigger, () =>
        manager.react(trigger, registerAt(this.parts.readModels, record)),
      )) ?? []) {
        await this.attempt(manager, trigger, () => this.submit(manager, trigger, reaction));
        reacted = true;
      }
    }
    return reacted;
  }

  /** A fault of the program would be one again at every attempt: an operator is told, and what follows in the log goes on. */
  private async attempt<T>(manager: ProcessManager, trigger: ProjectedEvent, what: () => T | Promise<T>): Promise<T | undefined> {
    try {
      return await what();
    } catch (error) {
      if (!isFaultOfProgram(error)) throw error;
      this.parts.onRefused(manager.name, trigger.id, processManagerRefusals['reaction-failed'](`It met a fault: ${error.message}.`));
      return undefined;
    }
  }

  private async submit(manager: ProcessManager, trigger: ProjectedEvent, { command, target, input }: Reaction): Promise<void> {
    this.parts.assertMayRecord();
    const outcome = await this.parts.runner.submit(command, {
      stream: streamName(command.on.category, target),
      input,
      commons: { occurredAt: trigger.occurredAt },
      commandId: reactionId(manager.name, trigger.id, command.name, target),
      correlation: trigger.meta.correlation,
      causation: trigger.id,
      actor: { subject: SYSTEM_SUBJECT, role: 'system' },
      bodies: 'all',
    });
    if (outcome.kind !== 'refused') return;
    // What may succeed later is tried again, and everything behind it waits: order is part of what makes reactions repeatable.
    if (outcome.refusal.kind.status === 503) throw new Error(`${manager.name}: ${outcome.refusal.detail}`);
    this.parts.onRefused(manager.name, trigger.id, outcome.refusal);
  }
}
