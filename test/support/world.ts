// A world of existing things, made over HTTP: one of everything that an operation can name, each in a state in which commands are taken.
import { ACCESS_NODE, PAST_DAY } from './past-access.js';
import { text, type Server } from './server.js';

/** Ids by the names that path parameters and placeholders of examples have. */
export type Things = Record<string, string>;

export interface Tokens {
  admin: string;
  auditor: string;
  /** Of the bodies of the world. */
  secretariat: string;
  /** Of a body outside the world. */
  foreignSecretariat: string;
  /** Of a member of the bodies of the world. */
  delegate: string;
  /** Of an organisation that is a member nowhere. */
  foreignDelegate: string;
}

export interface World {
  things: Things;
  tokens: Tokens;
}

export const OCCURRED = '2024-04-29';

/** The same for every world of a server: made once, since they cost requests. */
export interface Outside {
  auditor: string;
  foreignSecretariat: string;
  foreignDelegate: string;
  stranger: string;
  foreignBody: string;
}

export async function makeOutside(server: Server): Promise<Outside> {
  const foreignBody = await server.make('/bodies', server.admin, { kind: 'committee', name: text('Elsewhere') });
  const stranger = await server.make('/organisations', server.admin, { kind: 'state-administration', name: text('Stranger') });
  return {
    auditor: await server.token('auditor'),
    foreignSecretariat: await server.token('secretariat', { bodies: [foreignBody] }),
    foreignDelegate: await server.token('delegate', { organisation: stranger }),
    stranger,
    foreignBody,
  };
}

/** @param audience of both bodies; delegates of their members where absent */
export async function makeWorld(server: Server, outside: Outside, audience?: object): Promise<World> {
  const things: Things = {};
  const { admin } = server;
  const open = { ...(audience && { audience }) };
  things['council'] = await server.make('/bodies', admin, { kind: 'council', name: text('Council'), ...open });
  things['body'] = await server.make('/bodies', admin, {
    kind: 'conference',
    name: text('Conference'),
    parent: things['council'],
    ...open,
  });
  const secretariat = await server.token('secretariat', { bodies: [things['council'], things['body']] });
  await makeParties(server, secretariat, things);
  await makeBodyParts(server, secretariat, things);
  await makeMeetings(server, secretariat, things);
  await makeTable(server, secretariat, things);
  await makePapers(server, secretariat, things);
  await makeSeats(server, secretariat, things);
  const tokens = {
    admin,
    secretariat,
    auditor: outside.auditor,
    foreignSecretariat: outside.foreignSecretariat,
    foreignDelegate: outside.foreignDelegate,
    delegate: await server.token('delegate', { organisation: things['member']! }),
  };
  things['id'] = tokenId(tokens.delegate);
  // Of a list and a table, the name: the world has something in it.
  things['list'] = 'remarks';
  things['table'] = 'remarks';
  return { things, tokens };
}

/** What proves a token: it may hold the character that parts it from the id. */
export const tokenSecret = (token: string): string => token.split('_').slice(2).join('_');

/** The id that a token carries. */
export const tokenId = (token: string): string => token.split('_')[1]!.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

async function makeParties(server: Server, token: string, things: Things): Promise<void> {
  for (const name of ['member', 'seated', 'present', 'organisation']) {
    things[name] = await server.make('/organisations', token, { kind: 'state-administration', name: text(`Administration ${name}`) });
  }
  things['person'] = await server.make('/persons', token, { name: text('Test Person'), organisation: things['member'] });
}

async function makeBodyParts(server: Server, token: string, things: Things): Promise<void> {
  const { council, body } = things;
  things['region'] = await server.make(`/bodies/${council}/regions`, token, { name: text('Region of the council') });
  things['regionOfBody'] = await server.make(`/bodies/${body}/regions`, token, { name: text('Region of the body') });
  things['term'] = await server.make(`/bodies/${body}/terms`, token, { name: text('Free term'), from: '2026-07-01', until: '2027-06-30' });
  things['allocatedTerm'] = await server.make(`/bodies/${body}/terms`, token, {
    name: text('Allocated term'),
    from: '2024-07-01',
    until: '2025-06-30',
  });
  things['office'] = await server.make(`/bodies/${body}/offices`, token, { kind: 'chair', name: text('Chair') });
  things['tenure'] = await server.make(`/bodies/${body}/offices/${things['office']}/tenures`, token, {
    person: things['person'],
    from: OCCURRED,
  });
  await server.command('PUT', `/bodies/${body}/regions/${things['region']}/seats`, token, { regionOf: council, seats: 5 });
  await server.post(`/bodies/${body}/rules`, token, {
    inForceFrom: '2020-01-01',
    quorum: [{ for: 'deciding', numerator: 1, denominator: 2 }],
  });
  for (const organisation of ['member', 'seated']) {
    await server.make(`/bodies/${council}/memberships`, token, {
      organisation: things[organisation],
      as: 'member',
      from: '2020-01-01',
      region: things['region'],
    });
  }
  things['membership'] = await server.make(`/bodies/${body}/memberships`, token, {
    organisation: things['member'],
    as: 'member',
    from: '2020-01-01',
  });
}

async function makeMeetings(server: Server, token: string, things: Things): Promise<void> {
  const meeting = (title: string, starts: string): Promise<string> =>
    server.make('/meetings', token, { bodies: [things['body']], title: text(title), starts, zone: 'Europe/Brussels', format: 'hybrid' });
  things['scheduledMeeting'] = await meeting('Scheduled meeting', '2030-04-29');
  for (const name of ['meeting', 'sittingMeeting', 'overMeeting']) {
    things[name] = await meeting(name, OCCURRED);
    await server.post(`/meetings/${things[name]}/opening`, token, { occurredAt: OCCURRED });
  }
  things['sitting'] = await server.make(`/meetings/${things['sittingMeeting']}/sittings`, token, { class: 'open' });
}

async function makeTable(server: Server, token: string, things: Things): Promise<void> {
  const at = `/meetings/${things['meeting']}`;
  things['item'] = await server.make(`${at}/agenda-items`, token, { number: '1', title: text('Opening'), purpose: 'discussion' });
  things['attendance'] = await server.make(`${at}/attendance`, token, { party: { organisation: things['present'] }, as: 'member' });
  things['remark'] = await server.make(`${at}/remarks`, token, { speaker: { person: things['person'] }, text: text('A remark') });
  things['part'] = things['remark'];
  // Of what may be removed, the record.
  things['remarkRecord'] = String((await server.get(`/remarks/${things['remark']}`, token)).body.record);
  things['chairing'] = await server.make(`${at}/chairings`, token, { chair: { person: things['person'] } });
  things['view'] = await server.make(`${at}/views`, token, { stance: 'request', text: text('A request') });
  things['proceeding'] = await server.make(`${at}/discussions`, token, { title: text('A discussion'), points: [text('A point')] });
  // After the conclusion, with a reason: for the list of what came late.
  const over = `/meetings/${things['overMeeting']}`;
  await server.post(`${over}/conclusion`, token, { occurredAt: OCCURRED });
  things['lateRemark'] = await server.make(`${over}/remarks`, token, {
    speaker: { person: things['person'] },
    text: text('A late remark'),
    late: { code: 'omitted' },
    occurredAt: OCCURRED,
  });
}

async function makePapers(server: Server, token: string, things: Things): Promise<void> {
  const { body, meeting } = things;
  things['document'] = await server.make('/documents', token, { kind: 'report', title: text('A report'), issuer: body, version: 'Rev.1' });
  things['plan'] = await server.make('/documents', token, { kind: 'plan', title: text('A plan'), issuer: body });
  things['review'] = await server.make(`/meetings/${meeting}/reviews`, token, { document: things['document'], outcome: 'noted' });
  things['proposal'] = await server.make('/proposals', token, { body, meeting, text: text('A proposal') });
  // One administration of one member is present, of two entitled: without the override there is no quorum.
  const override = { reason: text('Urgent'), authority: text('Ruling of the chair') };
  await server.post(`/meetings/${meeting}/attendance/stated`, token, {
    present: 1,
    entitled: 52,
    evidence: { none: text('Counted in the room') },
  });
  const decided = await server.post('/decisions', token, {
    body,
    meeting,
    outcome: 'approved',
    wording: text('Approved.'),
    method: 'consensus',
    evidence: { words: text('approved') },
    override,
  });
  things['decision'] = decided.id;
  things['decisionStream'] = decided.stream.slice('proposal-'.length);
  await server.post(`/meetings/${meeting}/attendance/stated`, token, {
    present: 49,
    entitled: 52,
    evidence: { none: text('Counted in the room') },
  });
  things['followUp'] = await server.make('/follow-ups', token, {
    body,
    owner: { organisation: things['member'] },
    action: text('To report'),
    due: { on: '2030-01-01' },
    from: { decision: things['decision'], proposal: things['decisionStream'] },
  });
}

async function makeSeats(server: Server, token: string, things: Things): Promise<void> {
  const { council, body, region, allocatedTerm } = things;
  things['allocation'] = await server.make(`/bodies/${body}/regions/${region}/terms/${allocatedTerm}/allocation`, token, {
    regionOf: council,
    seats: 2,
    holders: [{ seat: 2, organisation: things['seated'] }],
    nominatedBy: body,
    electedBy: council,
  });
}

/** The ids that only lists tell, on a server whose directory had a past: `leavePastAccess`. */
export async function findListed(server: Server, { things, tokens: { auditor } }: World): Promise<void> {
  const first = async (path: string): Promise<string> => (await server.get(path, auditor)).body.items.at(-1)!.id;
  things['seatId'] = await first(`/seats?allocation=${things['allocation']}`);
  things['holding'] = await first(`/seat-holdings?allocation=${things['allocation']}`);
  things['exception'] = await first(`/exceptions?body=${things['body']}`);
  const removal = await server.post('/removals', server.admin, {
    values: [{ record: Number(things['remarkRecord']), pointer: '/actor/name' }],
    reason: text('Demanded'),
    authority: text('Order of a court'),
  });
  things['removal'] = removal.events[0]!.id;
  things['lateRecording'] = await first(`/late-recordings?meeting=${things['overMeeting']}`);
  things['accessNode'] = ACCESS_NODE;
  things['day'] = PAST_DAY;
}
