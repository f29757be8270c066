// One history in which every type of event occurs, the same whenever it is written: golden files and kept data directories come from it.
// It is only ever added to, at its end: what was written once keeps its ids, its place in its stream and its time.
import { closeAccessDay } from '../../libs/audit/src/access/close-access-day.js';
import { createHash, createPrivateKey } from 'node:crypto';
import {
  acceptClock,
  changeSigningKey,
  historyRestored,
  logDecider,
  openLog,
  readKeys,
  removeValues,
  reopenStream,
  type EventStore,
  type LogState,
} from '#event-store';
import {
  command,
  derivedId,
  streamName,
  type CivilDate,
  type CommandOf,
  type LocalizedText,
  type OffsetTime,
  type Reason,
  type RecordNumber,
  type Uuid,
} from '#kernel';
import { changeKey, LogKey } from '#ledger/writer';
import { stateRules } from '../../libs/bodies/src/body-rules.js';
import { establishBody, renameBody, setBodyAudience } from '../../libs/bodies/src/establish-body.js';
import { admitMember, defineRegion, endMembership } from '../../libs/bodies/src/membership.js';
import { assumeOffice, establishOffice, vacateOffice } from '../../libs/bodies/src/office.js';
import { registerOrganisation, renameOrganisation } from '../../libs/bodies/src/organisation.js';
import { correctPerson, registerPerson } from '../../libs/bodies/src/person.js';
import { defineTerm, setSeatQuota } from '../../libs/bodies/src/seats-of-body.js';
import { correctWording, setDecisionAudience } from '../../libs/decisions/src/after-decision.js';
import { introduceProposal, setProposalAudience, withdrawProposal } from '../../libs/decisions/src/proposals.js';
import { decideProposal, takeDecision } from '../../libs/decisions/src/take-decision.js';
import { addVersion, correctDocument, registerDocument, setDocumentAudience } from '../../libs/documents/src/register-document.js';
import { assignFollowUp } from '../../libs/follow-ups/src/assign-follow-up.js';
import { cancelFollowUp, completeFollowUp, progressFollowUp, setFollowUpAudience } from '../../libs/follow-ups/src/settle-follow-up.js';
import { issueToken, revokeToken } from '../../libs/identity/src/issue-token.js';
import { addAgendaItem, adoptAgenda } from '../../libs/meetings/src/agenda.js';
import { correctAttendance, endAttendance, recordAttendance, stateAttendance } from '../../libs/meetings/src/attendance.js';
import { setMeetingAudience, setPartAudience } from '../../libs/meetings/src/audiences.js';
import { holdDiscussion, holdPanel, makePresentation } from '../../libs/meetings/src/proceedings.js';
import { correctRemark, makeRemark } from '../../libs/meetings/src/remarks.js';
import { presentPlan, reviewDocument } from '../../libs/meetings/src/reviews.js';
import { cancelMeeting, concludeMeeting, openMeeting, postponeMeeting, scheduleMeeting } from '../../libs/meetings/src/schedule.js';
import { closeSitting, openSitting, takeChair } from '../../libs/meetings/src/sittings.js';
import { expressView } from '../../libs/meetings/src/views.js';
import { proposeAllocation } from '../../libs/seats/src/propose-allocation.js';
import { nameHolder, setAllocationAudience, vacateSeat } from '../../libs/seats/src/seat-holders.js';
import { TEST_KEYS, TEST_ORIGIN } from './histories.js';
import { KeptRecord, START_MS, type Sent } from './record.js';

const id = (name: string): Uuid => derivedId('every-type', name);
const english = (text: string): LocalizedText => [{ lang: 'en', text }];
const both = (text: string, french: string): LocalizedText => [...english(text), { lang: 'fr', text: french }];
const day = (text: string): CivilDate => text as CivilDate;
const at = (text: string): OffsetTime => text as OffsetTime;
const reason: Reason = { code: 'typing', text: english('A slip of the pen') };
const insiders = (organisation: Uuid) => ({ kind: 'restricted' as const, organisations: [organisation], roles: ['delegate' as const] });

/** The same salts in the same order: nobody could guess those of a real installation. */
function countedSalts(): () => Buffer {
  let drawn = 0;
  return () => createHash('sha256').update(`every-type/${drawn++}`).digest();
}

class Story {
  private steps = 0;

  constructor(readonly record: KeptRecord) {}

  /** Records a command that must be accepted; answers the id that its event holds under a name. */
  async tell<Input>(definition: CommandOf<Input>, entity: Uuid, input: Input, sent: Sent = {}): Promise<(field: string) => Uuid> {
    const told = await this.tellMeanwhile(definition, entity, input, sent);
    await this.record.settle();
    return told;
  }

  /** The same, before process managers have their turn. */
  async tellMeanwhile<Input>(definition: CommandOf<Input>, entity: Uuid, input: Input, sent: Sent = {}): Promise<(field: string) => Uuid> {
    const outcome = await this.record.send(definition, entity, input, { command: `every-type ${this.steps++}`, ...sent });
    if (outcome.kind !== 'recorded') throw new Error(`${definition.name} was not recorded: ${JSON.stringify(outcome)}`);
    return (field) => (JSON.parse(outcome.events[0]!.data) as Record<string, Uuid>)[field]!;
  }
}

/** Writes the history to an empty store. Close the record; the store stays open. */
export async function writeEveryType(store: EventStore): Promise<KeptRecord> {
  const { keys } = await openLog(store, TEST_KEYS, TEST_ORIGIN, START_MS);
  const record = await KeptRecord.open({ store, writerKey: keys.writer, salts: countedSalts() });
  const story = new Story(record);
  const bodies = await tellBodies(story);
  const papers = await tellPapers(story, bodies);
  const table = await tellTable(story, bodies, papers);
  const decided = await tellDecisions(story, bodies, table);
  await tellSeats(story, bodies, table);
  await tellFollowUps(story, bodies, table, decided);
  await tellEnds(story, bodies);
  await tellAccess(story);
  await tellAtOnce(story, bodies);
  await tellRecount(story, bodies);
  return record;
}

interface Bodies {
  council: Uuid;
  conference: Uuid;
  norway: Uuid;
  malta: Uuid;
  chair: Uuid;
  region: Uuid;
  term: Uuid;
  nextTerm: Uuid;
  office: Uuid;
  membership: Uuid;
}

async function tellBodies(story: Story): Promise<Bodies> {
  const [council, conference, norway, malta, chair] = [id('council'), id('conference'), id('norway'), id('malta'), id('chair')];
  await story.tell(establishBody, council, { kind: 'council', name: both('Council', 'Conseil'), zone: 'Europe/Brussels' });
  await story.tell(establishBody, conference, {
    kind: 'conference',
    name: english('Conference'),
    parent: council,
    zone: 'Europe/Brussels',
    audience: { kind: 'public' },
  });
  await story.tell(renameBody, conference, { name: both('Regional Conference', 'Conférence régionale'), reason });
  await story.tell(setBodyAudience, council, { audience: { kind: 'public' }, reason });
  await story.tell(stateRules, conference, {
    article: 'Art. 5',
    inForceFrom: day('2024-01-01'),
    quorum: [
      { for: 'deciding', numerator: 1, denominator: 2, moreThan: true },
      { for: 'elections', count: 2 },
    ],
  });
  const region = (await story.tell(defineRegion, conference, { name: english('Europe') }))('region');
  const term = (await story.tell(defineTerm, council, { name: english('2026-2027'), from: day('2026-07-01'), until: day('2027-06-30') }))(
    'term',
  );
  const nextTerm = (
    await story.tell(defineTerm, council, { name: english('2027-2028'), from: day('2027-07-01'), until: day('2028-06-30') })
  )('term');
  await story.tell(setSeatQuota, council, { region, regionOf: conference, seats: 8, article: 'Art. 4' });
  await story.tell(registerOrganisation, norway, {
    kind: 'state-administration',
    name: both('Norwegian Customs', 'Douanes norvégiennes'),
    shortName: english('Norway'),
  });
  await story.tell(registerOrganisation, malta, { kind: 'state-administration', name: english('Malta Customs') });
  await story.tell(renameOrganisation, malta, { name: english('Customs Department of Malta'), shortName: english('Malta'), reason });
  await story.tell(registerPerson, chair, { name: english('Øystein Børmer'), position: english('Director General'), organisation: norway });
  await story.tell(correctPerson, chair, { position: english('Director General of Norwegian Customs'), reason });
  const membership = (await story.tell(admitMember, conference, { organisation: norway, as: 'member', from: day('2000-01-01'), region }))(
    'membership',
  );
  await story.tell(admitMember, conference, { organisation: malta, as: 'member', from: day('2000-01-01'), region });
  const office = (await story.tell(establishOffice, conference, { kind: 'vice-chair', name: english('Vice-Chair'), region }))('office');
  const tenure = (
    await story.tell(assumeOffice, conference, { office, person: chair, organisation: norway, from: day('2023-07-01'), acting: true })
  )('tenure');
  await story.tell(vacateOffice, conference, { tenure, until: day('2026-06-30'), reason });
  return { council, conference, norway, malta, chair, region, term, nextTerm, office, membership };
}

interface Papers {
  plan: Uuid;
  report: Uuid;
}

async function tellPapers(story: Story, { conference, norway }: Bodies): Promise<Papers> {
  const [plan, report] = [id('plan'), id('report')];
  await story.tell(registerDocument, plan, {
    kind: 'plan',
    title: both('Implementation Plan', 'Plan de mise en œuvre'),
    symbol: 'SP/12',
    issuer: conference,
    version: '1',
    status: 'draft',
    date: day('2026-01-15'),
    period: { from: day('2026-07-01'), until: day('2027-06-30') },
    originalLanguage: 'en',
  });
  await story.tell(registerDocument, report, { kind: 'report', title: english('Report'), audience: { kind: 'public' } });
  await story.tell(addVersion, plan, { version: 'Rev.1', status: 'final', date: day('2026-02-01'), reason });
  await story.tell(correctDocument, plan, { title: english('Implementation Plan 2026-2027'), symbol: 'SP/12', reason });
  await story.tell(setDocumentAudience, plan, { audience: insiders(norway), reason });
  return { plan, report };
}

interface Table {
  meeting: Uuid;
  next: Uuid;
  item: Uuid;
  remark: Uuid;
  request: Uuid;
}

async function tellTable(story: Story, { conference, council, norway, malta, chair }: Bodies, { plan, report }: Papers): Promise<Table> {
  const [meeting, next] = [id('meeting'), id('next meeting')];
  await story.tell(scheduleMeeting, meeting, {
    bodies: [conference],
    title: both('Heads of Customs Conference', 'Conférence des directeurs'),
    session: 12,
    starts: at('2026-03-02T09:00:00+01:00'),
    ends: at('2026-03-02T17:30:00+01:00'),
    zone: 'Europe/Brussels',
    venue: english('Brussels'),
    format: 'hybrid',
    host: { organisation: norway },
    audience: { kind: 'members' },
  });
  await story.tell(scheduleMeeting, next, {
    bodies: [conference, council],
    title: english('The next one'),
    zone: 'Europe/Brussels',
    format: 'in-person',
  });
  await story.tell(postponeMeeting, next, { starts: day('2027-03-01'), ends: day('2027-03-02'), reason });
  const item = (
    await story.tell(addAgendaItem, meeting, { number: '4', title: english('Seats'), purpose: 'decision', audience: { kind: 'public' } })
  )('item');
  await story.tell(openMeeting, meeting, {}, { occurredAt: at('2026-03-02T09:00:00+01:00') });
  const sitting = (await story.tell(openSitting, meeting, { class: 'open', audience: { kind: 'public' } }))('sitting');
  await story.tell(adoptAgenda, meeting, {});
  await story.tell(takeChair, meeting, { chair: { person: chair }, sitting, capacity: english('Vice-Chair for the region'), acting: true });
  const stated = (
    await story.tell(stateAttendance, meeting, {
      present: 48,
      entitled: 52,
      of: english('Members of the region'),
      evidence: { words: english('48 of the 52'), documents: [report] },
    })
  )('attendance');
  await story.tell(correctAttendance, meeting, { attendance: stated, present: 49, reason });
  const named = (
    await story.tell(recordAttendance, meeting, {
      party: { organisation: malta },
      as: 'member',
      mode: 'remote',
      arrived: at('2026-03-02T09:30:00+01:00'),
    })
  )('attendance');
  await story.tell(endAttendance, meeting, { attendance: named, left: at('2026-03-02T16:45:00+01:00') });
  const placed = { sitting, item };
  const remark = (
    await story.tell(
      makeRemark,
      meeting,
      {
        kind: 'welcoming-remarks',
        speaker: { person: chair, named: english('The Director General') },
        capacity: english('Host'),
        onBehalfOf: norway,
        ...placed,
        text: both('Welcome.\n\tTo all.', 'Bienvenue.'),
        audience: { kind: 'public' },
      },
      {
        typedAt: at('2026-03-02T09:05:00.250+01:00'),
        language: 'en',
        illustrative: true,
        instruction: { person: chair, by: english('The chair') },
      },
    )
  )('remark');
  await story.tell(correctRemark, meeting, {
    remark,
    text: both('Welcome to all.', 'Bienvenue à tous.'),
    speaker: { person: chair },
    reason: { code: 'misheard' },
  });
  const presentation = (
    await story.tell(makePresentation, meeting, {
      title: english('Strategy'),
      presenters: [{ organisation: malta }],
      points: [english('Involvement'), english('Funding')],
      askedFor: [english('More of both')],
      ...placed,
    })
  )('presentation');
  await story.tell(presentPlan, meeting, {
    document: plan,
    presenters: [{ person: chair }],
    points: [english('Selection of directors')],
    ...placed,
  });
  const request = (
    await story.tell(expressView, meeting, {
      stance: 'request',
      on: { kind: 'presentation', id: presentation },
      by: [{ organisation: norway }, { named: english('a delegate') }],
      several: true,
      ...placed,
      text: english('Clearer priorities'),
    })
  )('view');
  await story.tell(holdPanel, meeting, {
    title: english('Dialogue'),
    panellists: [{ person: chair }],
    points: [english('Better dialogue')],
    ...placed,
  });
  await story.tell(holdDiscussion, meeting, { title: english('Fragile borders'), points: [english('Experience was shared')], ...placed });
  await story.tell(reviewDocument, meeting, {
    document: plan,
    version: 'Rev.1',
    outcome: 'reviewed',
    points: [english('Well done')],
    ...placed,
  });
  await story.tell(reviewDocument, meeting, { document: report, outcome: 'noted', ...placed });
  await story.tell(setMeetingAudience, meeting, { audience: { kind: 'public' }, reason });
  await story.tell(setPartAudience, meeting, { part: remark, audience: insiders(norway), reason });
  await story.tell(closeSitting, meeting, { sitting });
  return { meeting, next, item, remark, request };
}

interface Decided {
  decision: Uuid;
  stream: Uuid;
}

async function tellDecisions(story: Story, { conference, chair, norway }: Bodies, { meeting, item, remark }: Table): Promise<Decided> {
  const [withdrawn, proposal] = [id('withdrawn proposal'), id('proposal')];
  await story.tell(introduceProposal, proposal, {
    body: conference,
    meeting,
    item,
    title: english('Border security'),
    text: both('More involvement in border security', 'Plus de sécurité'),
    proponents: [{ person: chair }],
    fromTheFloor: true,
    audience: { kind: 'public' },
  });
  const taken = await story.tell(decideProposal, proposal, {
    meeting,
    item,
    outcome: 'approved',
    title: english('Border security'),
    wording: english('Approved with no further comments'),
    paragraphs: [{ number: '1', text: english('Do it'), addressee: { organisation: norway } }],
    symbol: 'D/1',
    method: 'not-stated',
    evidence: { words: english('no further comments'), remarks: [remark] },
    audience: { kind: 'public' },
  });
  const decision = taken('decision');
  await story.tell(correctWording, proposal, { decision, wording: english('Approved'), reason });
  await story.tell(setDecisionAudience, proposal, { decision, audience: { kind: 'members' }, reason });
  await story.tell(setProposalAudience, proposal, { audience: { kind: 'members' }, reason });
  const stream = id('superseding');
  const superseding = await story.tell(takeDecision, stream, {
    body: conference,
    meeting,
    outcome: 'adopted',
    wording: english('Adopted in its place'),
    method: 'consensus',
    evidence: { none: english('as remembered') },
    supersedes: [{ decision, proposal }],
  });
  await story.tell(takeDecision, id('rescinding'), {
    body: conference,
    meeting,
    outcome: 'adopted',
    wording: english('Taken back'),
    method: 'acclamation',
    evidence: { words: english('it was') },
    rescinds: [{ decision: superseding('decision'), proposal: stream }],
  });
  await story.tell(introduceProposal, withdrawn, { body: conference, text: english('Something else') });
  await story.tell(withdrawProposal, withdrawn, { reason });
  const kept = id('kept');
  const standing = await story.tell(takeDecision, kept, {
    body: conference,
    meeting,
    outcome: 'noted',
    wording: english('Took note with appreciation'),
    method: 'consensus',
    evidence: { words: english('took note') },
  });
  return { decision: standing('decision'), stream: kept };
}

/** Each region's allocation has a stream of its own; those of this history lie elsewhere. */
const allocationOf = (...parts: Uuid[]): Uuid => id(`allocation ${parts.join(' ')}`);

async function tellSeats(
  story: Story,
  { council, conference, region, term, nextTerm, norway, malta, chair }: Bodies,
  { meeting, item }: Table,
): Promise<void> {
  const [approved, returned] = [id('allocation'), id('returned allocation')];
  const commons = { body: council, region, regionOf: conference, nominatedBy: conference, meeting, allocationOf };
  await story.tell(proposeAllocation, approved, {
    ...commons,
    term,
    seats: 2,
    holders: [{ seat: 1, organisation: norway }],
    electedBy: council,
    item,
    presentedBy: { person: chair },
    capacity: english('Vice-Chair'),
    audience: { kind: 'public' },
  });
  await story.tell(
    proposeAllocation,
    returned,
    { ...commons, term: nextTerm, seats: 9, noElectionBy: 'Art. 7' },
    { override: { reason: english('As agreed'), authority: english('Ruling of the chair'), evidence: { words: english('agreed') } } },
  );
  await story.tell(takeDecision, id('approving'), {
    body: conference,
    meeting,
    outcome: 'approved',
    wording: english('Approved'),
    method: 'not-stated',
    evidence: { words: english('approved') },
    allocations: [approved],
  });
  await story.tell(takeDecision, id('returning'), {
    body: conference,
    meeting,
    outcome: 'rejected',
    wording: english('Sent back'),
    method: 'consensus',
    evidence: { words: english('sent back') },
    allocations: [returned],
  });
  await story.tell(nameHolder, approved, { allocationOf, seat: 2, organisation: malta, from: day('2026-09-01') });
  await story.tell(vacateSeat, approved, { seat: 2, until: day('2027-01-31'), reason });
  await story.tell(setAllocationAudience, approved, { audience: { kind: 'members' }, reason });
}

async function tellFollowUps(
  story: Story,
  { conference, norway, malta, chair, office }: Bodies,
  { meeting, next, remark, request }: Table,
  { decision, stream }: Decided,
): Promise<void> {
  const [carried, waiting, cancelled] = [id('carried follow-up'), id('waiting follow-up'), id('cancelled follow-up')];
  await story.tell(assignFollowUp, carried, {
    body: conference,
    owner: { organisation: norway },
    action: both('Report back', 'Faire rapport'),
    due: { meeting },
    from: { decision, proposal: stream },
    audience: { kind: 'public' },
  });
  await story.tell(assignFollowUp, waiting, {
    body: conference,
    owner: { office },
    action: english('Prepare'),
    due: { nextMeetingOf: conference },
    from: { view: request, meeting },
  });
  await story.tell(assignFollowUp, cancelled, {
    body: conference,
    owner: { person: chair },
    action: english('Think'),
    due: { unspecified: english('when there is time') },
    from: { remark, meeting },
  });
  await story.tell(progressFollowUp, carried, { note: english('Begun'), evidence: { words: english('a letter') } });
  await story.tell(setFollowUpAudience, carried, { audience: insiders(malta), reason });
  await story.tell(cancelFollowUp, cancelled, { reason });
  await story.tell(concludeMeeting, meeting, {});
  await story.tell(cancelMeeting, next, { reason });
  await story.tell(completeFollowUp, carried, { note: english('Reported'), evidence: { words: english('the report') } });
}

async function tellEnds(story: Story, { conference, norway, membership }: Bodies): Promise<void> {
  const token = id('token');
  await story.tell(issueToken, token, {
    subject: id('subject'),
    secretHash: 'ab'.repeat(32),
    role: 'delegate',
    bodies: [],
    organisation: norway,
    name: english('A. Delegate'),
  });
  await story.tell(revokeToken, token, { reason });
  await story.tell(endMembership, conference, { membership, until: day('2030-12-31'), reason });
  await story.tell(
    makeRemark,
    id('meeting'),
    { speaker: { named: english('Somebody') }, text: english('Recorded later') },
    { late: { code: 'omitted', text: english('Forgotten') }, occurredAt: at('2026-03-02T21:00:00+01:00') },
  );
  await story.tell(acceptClock, id('clock'), { reason: english('It is right') });
  const { events } = story.record;
  const late = events.findLastIndex(({ type }) => type === 'remark-made');
  const { hash } = events[late]!.sealed.find(({ value }) => value === 'Recorded later')!;
  await story.tell(removeValues, id('removal'), {
    values: [{ record: (late + 1) as RecordNumber, hash }],
    reason: english('It names a person'),
    authority: english('Order of the court'),
  });
  const meeting = streamName('meeting', id('meeting'));
  await story.tell(stateRestored, id('restore'), {
    size: events.length,
    lost: [{ from: events.length, to: events.length }],
    streams: [{ stream: meeting, revision: 40 }],
    reason: english('The disk failed'),
    authority: english('The secretary general'),
  });
  await story.tell(
    reopenStream,
    id('reopening'),
    { stream: meeting, reason: english('Compared with the minutes'), authority: english('The secretary general') },
    { role: 'system' as never },
  );
  const from = new LogKey(TEST_ORIGIN, readKeys(TEST_KEYS).signing!);
  // PKCS #8 of an Ed25519 key is a fixed prefix of 16 bytes, then its seed.
  const to = new LogKey(
    TEST_ORIGIN,
    createPrivateKey({ key: Buffer.from(`302e020100300506032b657004220420${'07'.repeat(32)}`, 'hex'), format: 'der', type: 'pkcs8' }),
  );
  await story.tell(changeSigningKey, id('rotation'), { ...changeKey(from, to), reason: english('Replaced every year') });
}

async function tellAccess(story: Story): Promise<void> {
  await story.tell(
    closeAccessDay,
    id('access day'),
    { node: id('node'), day: '2024-04-29', entries: 2, hash: 'ab'.repeat(32) },
    { role: 'system' as never },
  );
}

/** A restore writes it together with what it puts back, without a command. */
const stateRestored = command<LogState, Parameters<typeof historyRestored>[0]>({
  name: 'state-restored',
  on: logDecider,
  roles: ['admin'],
  stream: 'existing',
  decide: (input) => [historyRestored(input)],
});
/** Decisions that were taken at once on the same things: one is completed, the other stands out. */
async function tellAtOnce(story: Story, { conference, council, region }: Bodies): Promise<void> {
  const [meeting, proposal, allocation] = [id('busy meeting'), id('reopened proposal'), id('busy allocation')];
  await story.tell(scheduleMeeting, meeting, { bodies: [conference], title: english('A busy one') });
  await story.tell(openMeeting, meeting, {});
  await story.tell(introduceProposal, proposal, { body: conference, text: english('To be thought over') });
  const ruling = {
    body: conference,
    meeting,
    outcome: 'approved' as const,
    wording: english('Approved'),
    method: 'consensus' as const,
    evidence: { words: english('approved') },
  };
  const decision = (await story.tell(decideProposal, proposal, ruling))('decision');
  await story.tellMeanwhile(takeDecision, id('taking it back'), { ...ruling, rescinds: [{ decision, proposal }] });
  await story.tell(takeDecision, id('taking it back too'), { ...ruling, rescinds: [{ decision, proposal }] });
  const term = (await story.tell(defineTerm, council, { name: english('2028-2029'), from: day('2028-07-01'), until: day('2029-06-30') }))(
    'term',
  );
  await story.tell(proposeAllocation, allocation, {
    body: council,
    region,
    regionOf: conference,
    term,
    seats: 1,
    nominatedBy: conference,
    electedBy: council,
    allocationOf,
  });
  await story.tellMeanwhile(takeDecision, id('approving it'), { ...ruling, allocations: [allocation] });
  await story.tell(takeDecision, id('sending it back'), { ...ruling, outcome: 'rejected', allocations: [allocation] });
}

/** An attendance that is corrected once a decision rests on it. */
async function tellRecount(story: Story, { conference }: Bodies): Promise<void> {
  const meeting = id('recounted meeting');
  await story.tell(scheduleMeeting, meeting, { bodies: [conference], title: english('Counted twice') });
  await story.tell(openMeeting, meeting, {});
  const attendance = (
    await story.tell(stateAttendance, meeting, { present: 49, entitled: 52, evidence: { words: english('49 of the 52') } })
  )('attendance');
  await story.tell(takeDecision, id('counted'), {
    body: conference,
    meeting,
    outcome: 'approved',
    wording: english('Approved'),
    method: 'consensus',
    evidence: { words: english('approved') },
  });
  await story.tell(correctAttendance, meeting, { attendance, present: 20, reason });
}
