// Appends by the port's rules: checks first, the exact revision, and the answer from what lies in the database.
import type { Revision, SealedEvent, StoredEvent, StreamName, StreamRevision } from '#kernel';
import { inHashOrder } from '../append-rules.js';
import { AppendRefused, ChecksFailed, StoreUnavailable, WrongExpectedRevision, type UnavailableCause } from '../errors.js';
import type { Append, Appended } from '../port.js';
import { WrittenElsewhere, type RawAppend } from './appending.js';
import type { PlacedEvent } from './pages.js';
import type { Parts } from './parts.js';
import { positionOf } from './positions.js';
import { Refusals, Refused } from './refusals.js';
import { encode } from './stored-form.js';

export interface Trouble {
  reason: UnavailableCause | 'unclear';
  message: string;
}

export class JudgedAppends {
  /** Stands until an operator has looked: what lies in the database is not what was sealed. */
  damage: string | undefined;
  /** What the last append met, or that the database does not answer. */
  private met: Trouble | undefined;
  private readonly refusals: Refusals;
  private readonly turns = new Map<StreamName, Promise<unknown>>();
  /** Events whose append was answered: sent once more as the same objects, they are a repeat, though every byte is alike. */
  private readonly answered = new WeakSet<SealedEvent>();

  /** @param stored an event of the database as this store gives it */
  constructor(
    private readonly storeId: string,
    private readonly parts: Parts,
    private readonly stored: (event: PlacedEvent) => StoredEvent,
  ) {
    this.refusals = new Refusals({ timing: parts.timing, signal: parts.ending.signal });
  }

  /** Why commands fail. */
  get failing(): Trouble | undefined {
    const { message } = this.refusals;
    return message === undefined ? this.met : { reason: 'failing', message };
  }

  /** Resolves once nothing is under way of its own accord, after the store began to close. */
  stopped(): Promise<void> {
    return this.refusals.stopped();
  }

  /** Appends to one stream go one after the other: which of two came first is then what the caller thinks. */
  async append(append: Append): Promise<Appended> {
    const before = this.turns.get(append.stream) ?? Promise.resolve();
    const act = (): Promise<Appended> => this.appendNow(append);
    const turn = before.then(act, act);
    this.turns.set(append.stream, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(append.stream) === turn) this.turns.delete(append.stream);
    }
  }

  /** The database answered a call: whether appends arrive again is found out without one, since a node that is in trouble may be sent none. */
  heard(): void {
    if (this.met && isPassing(this.met)) this.met = undefined;
  }

  /** A call failed: a command that cannot read is refused like one that cannot append. */
  failed(error: unknown): void {
    this.refusals.met(error);
    if (!(error instanceof StoreUnavailable) || error.reason !== 'unreachable') return;
    // The newest says why: what came first may be over, and another thing wrong.
    if (!this.met || isPassing(this.met)) this.met = { reason: error.reason, message: error.message };
  }

  private async appendNow(append: Append): Promise<Appended> {
    try {
      const appended = await this.judged(append);
      this.met = undefined;
      this.refusals.done('appending');
      return appended;
    } catch (error) {
      if (error instanceof WrittenElsewhere) this.damage = error.message;
      if (error instanceof StoreUnavailable && !isRefusal(error)) this.met = { reason: error.reason, message: error.message };
      else if (!isRefusal(error)) this.met = { reason: 'unclear', message: (error as Error).message };
      throw error;
    }
  }

  private async judged(append: Append): Promise<Appended> {
    const failed = await this.failedCheck(append.checks ?? []);
    if (failed) {
      // An append that is stored already does not rest on its checks any more, and a wrong revision comes first.
      const standing = await this.standing(append);
      if (standing) return standing;
      const actual = await this.revisionOf(append.stream);
      throw actual === (append.expected === 'none' ? null : append.expected) ? failed : wrongRevision(append, actual);
    }
    const raw: RawAppend = {
      stream: this.parts.names.record + append.stream,
      expected: append.expected,
      events: append.events.map((event) => ({ id: event.id, type: event.type, data: encode(event) })),
      isFirst: append.isFirst === true,
    };
    const stored = await this.parts.appending.append(raw);
    if (!stored) throw wrongRevision(append, await this.revisionOf(append.stream));
    return this.appended(append, stored, raw);
  }

  /** The append as it was stored before, or undefined where it was not. */
  private async standing(append: Append): Promise<Appended | undefined> {
    const first = append.expected === 'none' ? 0n : BigInt(append.expected) + 1n;
    const stored = await this.parts.pages.stream(this.parts.names.record + append.stream, first, 'forwards', append.events.length);
    const isStored = stored.length === append.events.length && stored.every(({ id }, index) => id === append.events[index]!.id);
    return isStored ? this.appended(append, stored) : undefined;
  }

  /** Salts are drawn anew for each attempt to decide: an event with another leaf is that of an earlier one. */
  private appended(append: Append, stored: readonly PlacedEvent[], raw?: RawAppend): Appended {
    const { stream } = append;
    const events = stored.map((event, index) => {
      // The very bytes that were sent, and not read back: what they hold is known.
      const isAsSent = event.data === raw?.events[index]!.data;
      return isAsSent
        ? {
            ...append.events[index]!,
            sealed: inHashOrder(append.events[index]!.sealed),
            stream,
            revision: Number(event.revision) as Revision,
          }
        : this.stored(event);
    });
    const sent = append.events[0]!;
    const repeated = this.answered.has(sent) || events.some(({ leaf }, index) => leaf !== append.events[index]!.leaf);
    this.answered.add(sent);
    return { events, position: positionOf(this.storeId, stored.at(-1)!), repeated };
  }

  private async failedCheck(checks: readonly StreamRevision[]): Promise<ChecksFailed | undefined> {
    const actual = await Promise.all(checks.map(({ stream }) => this.revisionOf(stream)));
    const index = checks.findIndex(({ revision }, at) => actual[at] !== revision);
    return index < 0 ? undefined : new ChecksFailed(checks[index]!, actual[index]!);
  }

  private async revisionOf(stream: StreamName): Promise<Revision | null> {
    const [last] = await this.parts.pages.stream(this.parts.names.record + stream, 'end', 'backwards', 1);
    return last ? (Number(last.revision) as Revision) : null;
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof WrongExpectedRevision || error instanceof ChecksFailed || error instanceof AppendRefused || error instanceof Refused;

/** Whether it is over as soon as the database answers anything. */
const isPassing = ({ reason }: Trouble): boolean => reason === 'unreachable' || reason === 'unclear';

const wrongRevision = ({ stream, expected }: Append, actual: number | null): WrongExpectedRevision =>
  new WrongExpectedRevision(stream, expected, actual ?? 'none');
