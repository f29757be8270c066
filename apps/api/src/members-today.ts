// Which bodies an organisation is a member of today: what the audience `members` asks. Refreshed before each read of a delegate.
import { bodies, membershipsList } from '#bodies/record';
import { dayIn, isRefusal, utcTime, type Clock, type Reader, type Uuid } from '#kernel';
import type { Moment, ReadModels } from '#read-models';

/** Sees every membership: the register asks on behalf of itself. */
const itself: Reader = { subject: '00000000-0000-8000-8000-000000000001' as Uuid, role: 'auditor', bodies: 'all' };
const MAX_MEMBERSHIPS = 500;

export class MembersToday {
  private readonly zones = new Map<Uuid, string | undefined>();
  private readonly bodiesOf = new Map<Uuid, ReadonlySet<string>>();

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  async refresh(readModels: Pick<ReadModels, 'resolveMoment' | 'list' | 'detail'>, organisation: Uuid): Promise<void> {
    const moment = readModels.resolveMoment();
    if (isRefusal(moment)) return;
    const now = utcTime(this.clock.now());
    const page = await readModels.list(membershipsList, {
      moment,
      reader: itself,
      where: { organisation },
      sort: 'recorded',
      limit: MAX_MEMBERSHIPS,
    });
    if (isRefusal(page)) return;
    const memberOf = new Set<string>();
    for (const { as, from, until, body } of page.rows) {
      if (as !== 'member') continue;
      const today = dayIn(now, this.zoneOf(readModels, body as Uuid, moment));
      if (from! <= today && (until === null || today <= until)) memberOf.add(body!);
    }
    this.bodiesOf.set(organisation, memberOf);
  }

  /** In which the body reckons its days: no event changes it. UTC where it names none. */
  private zoneOf(readModels: Pick<ReadModels, 'detail'>, body: Uuid, moment: Moment): string | undefined {
    if (!this.zones.has(body)) {
      const found = readModels.detail(bodies, body, moment, itself);
      if (!found) return undefined;
      this.zones.set(body, found['zone'] ?? undefined);
    }
    return this.zones.get(body);
  }

  isMember(body: Uuid, organisation: Uuid): boolean {
    return this.bodiesOf.get(organisation)?.has(body) ?? false;
  }
}
