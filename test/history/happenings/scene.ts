// What a happening has at hand, and how it sends its command.
import type { Outcome } from '#event-store';
import { derivedId, present, utcTime, type CivilDate, type CommandOf, type OffsetTime, type PartyInput, type Uuid } from '#kernel';
import type { Draw } from '../draw.js';
import type { Known, KnownMeeting } from '../known.js';
import type { KeptRecord, Sent } from '../record.js';

/** Sends one command, or none where there is nothing to act on. */
export type Happening = (scene: Scene) => Promise<unknown> | undefined;
/** Name → how often it happens beside the others, and what happens. */
export type Happenings = Readonly<Record<string, readonly [weight: number, happen: Happening]>>;

export class Scene {
  constructor(
    readonly record: KeptRecord,
    readonly known: Known,
    readonly draw: Draw,
    /** Distinguishes the scene's commands and entities from those of every other. */
    private readonly name: string,
  ) {}

  /** The id of what opens a stream of its own. */
  fresh(): Uuid {
    return derivedId('history', `${this.name} entity`);
  }

  today(): CivilDate {
    return utcTime(this.record.clock.now()).slice(0, 10) as CivilDate;
  }

  async send<Input>(definition: CommandOf<Input>, entity: Uuid, input: Input, sent: Sent = {}): Promise<Outcome> {
    const all = { command: this.name, ...this.commons(), ...sent };
    const outcome = await this.record.send(definition, entity, present(input as object) as Input, all);
    if (outcome.kind === 'recorded') this.known.learn(outcome.events);
    // Now and then a command arrives twice: the second arrival is answered from what the first one recorded.
    if (outcome.kind === 'recorded' && this.draw.chance(1, 12))
      await this.record.send(definition, entity, present(input as object) as Input, { ...all, ifMatch: 1_000_000 });
    return outcome;
  }

  party(): PartyInput {
    const { draw, known } = this;
    const person = draw.chance(1, 2) ? draw.any(known.persons) : undefined;
    const organisation = draw.chance(1, 2) ? draw.any(known.organisations) : undefined;
    return {
      ...(person && { person }),
      ...(organisation && { organisation }),
      ...((!person && !organisation) || draw.chance(1, 6) ? { named: draw.text() } : {}),
    };
  }

  parties(): PartyInput[] {
    return Array.from({ length: 1 + this.draw.number(3) }, () => this.party());
  }

  audience() {
    return this.draw.chance(1, 5) ? this.draw.audience(this.known.organisations) : undefined;
  }

  /** A meeting at which something can happen, mostly. */
  meeting(): KnownMeeting | undefined {
    const open = this.known.meetings.filter(({ status }) => status === 'open');
    return this.draw.chance(9, 10) ? this.draw.recent(open, 2) : this.draw.any(this.known.meetings);
  }

  place({ openSitting, items }: KnownMeeting): { sitting?: Uuid; item?: Uuid } {
    const item = this.draw.maybe(() => this.draw.recent(items));
    return { ...(openSitting && this.draw.chance(2, 3) && { sitting: openSitting }), ...(item && { item }) };
  }

  private commons(): Sent {
    const { draw } = this;
    const time = (): OffsetTime => `${draw.past()}T09:30:00${draw.from(['+02:00', '-05:00', 'Z'])}` as OffsetTime;
    return {
      ...(draw.chance(1, 4) && { occurredAt: draw.chance(1, 2) ? draw.past() : time() }),
      ...(draw.chance(1, 8) && { typedAt: time() }),
      ...(draw.chance(1, 8) && { illustrative: true }),
      ...(draw.chance(1, 8) && { language: 'en' }),
      ...(draw.chance(1, 4) && { late: draw.reason() }),
      ...(draw.chance(1, 10) && { instruction: { by: draw.text() } }),
      ...(draw.chance(1, 6) && { override: { reason: draw.text(), authority: draw.text() } }),
    };
  }
}
