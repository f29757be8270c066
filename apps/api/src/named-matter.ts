// Whether who sends a command may know of what it names. To a foreign secretariat, what is hidden is refused as if it were not there.
import type { Sought } from '#event-store';
import { StreamVisibility } from '#http';
import { parseStreamName, type Reader, type Submission, type Uuid } from '#kernel';
import type { ReadModels } from '#read-models';
import { entityPlaces, schema } from './composition.js';

/** How long to wait for the register where it does not have yet what is named, in milliseconds. */
const MAX_WAIT_MS = 2_000;
/** Bodies, organisations and persons are no matter of a body: whoever writes may put something to them, whatever it reads of them. */
const PARTIES: ReadonlySet<string> = new Set(['body', 'organisation', 'person']);
/** Papers of another body are put before a meeting, and what was asked for or promised there is owed by others: only what is restricted is kept from them. */
const OPEN_TO_OTHERS: ReadonlySet<string> = new Set(['meetings', 'views', 'remarks']);

export class NamedMatter {
  private readonly visibility: StreamVisibility;

  /** @param caughtUp resolves once the register has what is durable by now, or the time is over */
  constructor(
    private readonly readModels: ReadModels,
    private readonly caughtUp: (timeoutMs: number) => Promise<unknown>,
  ) {
    this.visibility = new StreamVisibility(readModels, entityPlaces);
  }

  async mayKnow({ actor, bodies }: Submission, of: Sought): Promise<boolean> {
    if (actor.role !== 'secretariat' || bodies === 'all') return true;
    if ('stream' in of && PARTIES.has(parseStreamName(of.stream).category)) return true;
    const sender: Reader = { subject: actor.subject, role: actor.role, bodies };
    const auditor: Reader = { ...sender, role: 'auditor' };
    if (await this.isVisible(of, sender)) return true;
    // Recorded a moment ago, perhaps by this very sender.
    if (!(await this.isVisible(of, auditor))) await this.caughtUp(MAX_WAIT_MS);
    // The sender is asked about after it is known to be there: it may come into the register at any moment.
    const isThere = await this.isVisible(of, auditor);
    return !isThere || this.isOpen(of) || (await this.isVisible(of, sender));
  }

  private async isVisible(of: Sought, reader: Reader): Promise<boolean> {
    if ('stream' in of) return this.visibility.isVisible(of.stream, reader);
    const { definition } = schema.tables.get(of.table)!;
    return this.readModels.detail(definition, of.id, { record: this.readModels.last(), isNow: true }, reader) !== undefined;
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
