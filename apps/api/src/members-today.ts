// Which bodies an organisation is a member of today: what the audience `members` asks. Refreshed before each read of a delegate.
import { membershipsList } from '#bodies/record';
import { isRefusal, utcTime, type Clock, type Reader, type Uuid } from '#kernel';
import type { ReadModels } from '#read-models';

/** Sees every membership: the register asks on behalf of itself. */
const itself: Reader = { subject: '00000000-0000-8000-8000-000000000001' as Uuid, role: 'auditor', bodies: 'all' };
const MAX_MEMBERSHIPS = 500;

export class MembersToday {
  private readonly bodiesOf = new Map<Uuid, ReadonlySet<string>>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  async refresh(readModels: ReadModels, organisation: Uuid): Promise<void> {
    const moment = readModels.resolveMoment();
    if (isRefusal(moment)) return;
    const today = utcTime(this.clock.now()).slice(0, 10);
    const page = await readModels.list(membershipsList, {
      moment,
      reader: itself,
      where: { organisation },
      sort: 'recorded',
      limit: MAX_MEMBERSHIPS,
    });
    if (isRefusal(page)) return;
    const bodies = new Set<string>();
    for (const { as, from, until, body } of page.rows) {
      if (as === 'member' && from! <= today && (until === null || today <= until)) bodies.add(body!);
    }
    this.bodiesOf.set(organisation, bodies);
  }

  isMember(body: Uuid, organisation: Uuid): boolean {
    return this.bodiesOf.get(organisation)?.has(body) ?? false;
  }
}
