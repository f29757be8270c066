// What the register holds of the demo's conference, as tables: attendance, decisions, follow-ups, upcoming meetings, seats.
import type { ApiClient } from '../api-client.js';
import { table } from '../tables.js';
import { harmlessLine, type Terminal } from '../terminal.js';
import { Names, type Party, type Text } from './names.js';

interface Row {
  id: string;
  illustrative?: true;
  record: number;
}

interface AttendanceRow extends Row {
  kind: 'stated' | 'named';
  present?: number;
  entitled?: number;
  of?: Text;
  party?: Party;
  as?: string;
  mode?: string;
}

interface DecisionRow extends Row {
  title?: Text;
  wording: Text;
  outcome: string;
  method: string;
  evidence: { words?: Text };
  quorum: { status: string; present?: number; entitled?: number };
}

interface FollowUpRow extends Row {
  action: Text;
  owner: { office?: string; organisation?: string; body?: string; person?: string };
  status: string;
  dueOn?: string;
  dueAt?: string;
  waitsFor?: string;
}

interface MeetingRow extends Row {
  title: Text;
  body: string;
  starts?: string;
}

interface SeatRow extends Row {
  body: string;
  region: string;
  term: string;
  seat: number;
  status: string;
  until: string;
  organisation?: string;
  heldUntil?: string;
}

const mark = ({ illustrative }: Row): string => (illustrative ? 'illustrative' : '');
const text = (shown: Text | undefined): string => harmlessLine(shown?.text ?? '');

export async function printRegister(client: ApiClient, meeting: string, terminal: Terminal): Promise<void> {
  const names = await Names.read(client);
  const wide = Math.max(28, Math.min(56, terminal.columns - 60));
  const show = (title: string, drawn: string): void => terminal.print(`\n${title}\n${drawn}`);

  const attendance = await client.list<AttendanceRow>(`/meetings/${meeting}/attendance`);
  show(
    'Attendance',
    table(
      ['who', 'as', 'present', ''],
      attendance.map((row) => [
        row.kind === 'stated' ? text(row.of) : names.party(row.party!),
        row.as ?? 'members',
        presence(row),
        mark(row),
      ]),
    ),
  );

  const decisions = await client.list<DecisionRow>(`/decisions?meeting=${meeting}`);
  show(
    'Decisions',
    table(
      ['decision', 'outcome', 'method', 'quorum', 'evidence', ''],
      decisions.map((row) => [text(row.title ?? row.wording), row.outcome, row.method, quorum(row), quoted(row), mark(row)]),
      [32, null, null, null, 30, null],
    ),
  );

  const followUps = await client.list<FollowUpRow>('/follow-ups');
  show(
    'Follow-ups',
    table(
      ['what is owed', 'by', 'due', 'status', ''],
      followUps.map((row) => [text(row.action), names.owner(row.owner), due(row, names), row.status, mark(row)]),
      [wide, 26, 30, null, null],
    ),
  );

  const upcoming = await client.list<MeetingRow>('/meetings?status=scheduled');
  show(
    'Upcoming meetings',
    table(
      ['meeting', 'body', 'starts', ''],
      upcoming.map((row) => [text(row.title), names.of(row.body), row.starts ?? 'not yet known', mark(row)]),
    ),
  );

  const seats = await client.list<SeatRow>('/seats');
  show(
    'Seats',
    table(
      ['body', 'region', 'term', 'seat', 'holder', 'status', ''],
      seats.map((row) => [
        names.of(row.body),
        names.of(row.region),
        names.of(row.term),
        String(row.seat),
        holder(row, names),
        row.status,
        mark(row),
      ]),
    ),
  );
  terminal.print('\n"illustrative" marks sample data that stands for what the public report does not say.');
}

const presence = ({ kind, present, entitled, mode }: AttendanceRow): string =>
  kind === 'stated' ? `${present}${entitled === undefined ? '' : ` of ${entitled}`}` : (mode ?? 'yes');

const quorum = ({ quorum: { status, present, entitled } }: DecisionRow): string =>
  `${status}${present === undefined ? '' : ` (${present}${entitled === undefined ? '' : ` of ${entitled}`} present)`}`;

function holder({ organisation, heldUntil, until }: SeatRow, names: Names): string {
  if (organisation === undefined) return 'not named yet';
  return heldUntil === until ? names.of(organisation) : `${names.of(organisation)}, until ${heldUntil}`;
}

const quoted = ({ evidence: { words } }: DecisionRow): string => (words ? `“${text(words)}”` : '');

function due({ dueOn, dueAt, waitsFor }: FollowUpRow, names: Names): string {
  if (dueOn !== undefined) return dueOn;
  if (dueAt !== undefined) return names.of(dueAt);
  return waitsFor === undefined ? 'not said' : `the next meeting of: ${names.of(waitsFor)}`;
}
