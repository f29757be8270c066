// Whether who sends a command may know of what it names. To a foreign secretariat, what is hidden is refused as if it were not there.
import type { MayKnow, Sought } from '#event-store';
import { httpRefusals, MAX_WAIT_MS, StreamVisibility } from '#http';
import { parseStreamName, type Reader, type Submission, type Uuid } from '#kernel';
import type { ReadModels, Standing } from '#read-models';
import { entityPlaces, schema } from './composition.js';

/** Bodies, organisations and persons are no matter of a body: whoever writes may put something to them, whatever it reads of them. */
const PARTIES: ReadonlySet<string> = new Set(['body', 'organisation', 'person']);
/** Papers of another body are put before a meeting, and what was asked for or promised there is owed by others: only what is restricted is kept from them. */
const OPEN_TO_OTHERS: ReadonlySet<string> = new Set(['meetings', 'views', 'remarks']);

export class NamedMatter {
  private readonly visibility: StreamVisibility;

  /** @param caughtUp resolves true once the register has what is durable by now, false when the time is over */
  constructor(
    private readonly readModels: ReadModels,
    private readonly caughtUp: (timeoutMs: number) => Promise<boolean>,
  ) {
    this.visibility = new StreamVisibility(readModels, entityPlaces);
  }

  /** For one command, which waits once: what is recorded later than that, its sender did not know of when it was sent. */
  mayKnow({ actor, bodies }: Submission): MayKnow | undefined {
    if (actor.role !== 'secretariat' || bodies === 'all') return undefined;
    const sender: Reader = { subject: actor.subject, role: actor.role, bodies };
    let caughtUp: Promise<boolean> | undefined;
    return async (of) => {
      if ('stream' in of && PARTIES.has(parseStreamName(of.stream).category)) return true;
      let standing = this.standing(of, sender);
      let isComplete = true;
      if (standing === 'absent') {
        // Recorded a moment ago, perhaps by this very sender.
        isComplete = await (caughtUp ??= this.caughtUp(MAX_WAIT_MS));
        standing = this.standing(of, sender);
      }
      // Never as unknown: the sender may have been told that it is recorded.
      if (standing === 'absent' && !isComplete)
        return httpRefusals['projection-behind']('What the command names may not be in the register yet.', { retryAfter: 2 });
      return standing === 'visible' || (standing === 'hidden' && this.isOpen(of));
    };
  }

  private standing(of: Sought, reader: Reader): Standing {
    return 'stream' in of
      ? this.visibility.standing(of.stream, reader)
      : this.readModels.standing(schema.tables.get(of.table)!.definition, of.id, reader);
  }

  private isOpen(of: Sought): boolean {
    const { table, id } = 'stream' in of ? placeOf(of) : of;
    return table !== undefined && OPEN_TO_OTHERS.has(table) && !this.readModels.isRestricted(schema.tables.get(table)!.definition, id);
  }
}

function placeOf({ stream }: { stream: Submission['stream'] }): { table: string | undefined; id: Uuid } {
  const { category, id } = parseStreamName(stream);
  return { table: entityPlaces[category]?.table.name, id: id! };
}
