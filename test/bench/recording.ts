// Commands for a meeting that goes on, as requests made beforehand, and what was acknowledged of them.
import { request, type Answer } from './http-load.js';
import { check } from './scenario.js';
import { words, type Served } from './served.js';

const SPEAKERS = 20;
/** Of so many commands one is a view, one a discussion and one corrects the remark acknowledged last. */
const CYCLE = 20;

/** What every meeting here needs: a body, people who speak, and a token of a secretariat. */
export interface Secretariat {
  token: string;
  body: string;
  speakers: readonly string[];
}

export async function setUp(served: Served): Promise<Secretariat> {
  const token = await served.makeToken('secretariat');
  const body = await served.ask('POST', '/bodies', served.adminToken, {
    kind: 'conference',
    name: words('Regional conference'),
    audience: { kind: 'public' },
  });
  const speakers: string[] = [];
  for (let count = 0; count < SPEAKERS; count++) {
    const person = await served.ask('POST', '/persons', token, { name: words(`Speaker ${count}`), position: words('Director General') });
    speakers.push(person['id'] as string);
  }
  return { token, body: body['id'] as string, speakers };
}

export async function openMeeting(served: Served, { token, body }: Secretariat): Promise<string> {
  const meeting = await served.ask('POST', '/meetings', token, {
    bodies: [body],
    title: words('Heads of administrations'),
    starts: '2024-04-29',
    zone: 'Europe/Brussels',
    format: 'hybrid',
  });
  const id = meeting['id'] as string;
  await served.ask('POST', `/meetings/${id}/opening`, token, {});
  return id;
}

const SENTENCE =
  'Customs plays a significant role in facilitating legitimate trade, and the administrations of the region share what they know about fragile borders. ';

export const remarkBody = ({ speakers }: Secretariat, count: number) => ({
  speaker: { person: speakers[count % speakers.length] },
  text: words(`${SENTENCE.repeat(2)}Remark ${count}.`),
});

/** Remarks as they are typed: the same texts come again, each as a command of its own. */
export function remarks(secretariat: Secretariat, path: string, different = 500): Buffer[] {
  return Array.from({ length: different }, (_, count) => request('POST', path, secretariat.token, remarkBody(secretariat, count)));
}

/** Mostly remarks, on one meeting; keeps what was acknowledged. */
export class Recording {
  readonly revisions: number[] = [];
  remarksMade = 0;
  private sent = 0;
  private lastRemark: string | undefined;
  private readonly kinds: ('remark' | 'other')[];
  private readonly prepared: Buffer[];
  private readonly views: Buffer;
  private readonly discussions: Buffer;

  /** @param connections each has at most one command on its way */
  constructor(
    private readonly secretariat: Secretariat,
    readonly meeting: string,
    connections: number,
  ) {
    const { token } = secretariat;
    this.kinds = Array.from({ length: connections }, () => 'remark');
    this.prepared = remarks(secretariat, `/meetings/${meeting}/remarks`);
    this.views = request('POST', `/meetings/${meeting}/views`, token, {
      stance: 'support',
      text: words('Broad support for the proposals.'),
    });
    this.discussions = request('POST', `/meetings/${meeting}/discussions`, token, {
      title: words('Fragile borders'),
      points: [words('Experiences were shared')],
    });
  }

  next(connection: number): Buffer {
    const place = this.sent++ % CYCLE;
    const other = place === 7 ? this.views : place === 13 ? this.discussions : place === 19 ? this.correction() : undefined;
    this.kinds[connection] = other ? 'other' : 'remark';
    return other ?? this.prepared[this.sent % this.prepared.length]!;
  }

  acknowledged({ status, body }: Answer, connection: number): void {
    const text = body.toString('latin1', 0, 400);
    check(status === 201 || status === 200, `a command was answered with ${status}: ${body.toString()}`);
    this.revisions.push(Number(/"revision":(\d+)/.exec(text)![1]));
    if (this.kinds[connection] === 'other') return;
    this.remarksMade += 1;
    this.lastRemark = /"id":"([0-9a-f-]{36})"/.exec(text)![1];
  }

  /** That each acknowledged command has a revision of its own, without gaps, and that the register lists every remark. */
  async check(served: Served): Promise<void> {
    const { revisions, remarksMade, meeting } = this;
    const [least, most] = revisions.reduce(([low, high], each) => [Math.min(low, each), Math.max(high, each)], [Infinity, -1]);
    check(new Set(revisions).size === revisions.length, 'two commands were acknowledged with the same revision');
    check(most - least + 1 === revisions.length, `${revisions.length} commands were acknowledged, with revisions from ${least} to ${most}`);
    const listed = await countListed(served, this.secretariat.token, `/meetings/${meeting}/remarks`);
    check(listed === remarksMade, `${remarksMade} remarks were acknowledged, and the register lists ${listed}`);
  }

  private correction(): Buffer | undefined {
    if (this.lastRemark === undefined) return undefined;
    const body = { text: words(`${SENTENCE}As corrected.`), reason: { code: 'misheard' } };
    return request('POST', `/meetings/${this.meeting}/remarks/${this.lastRemark}/correction`, this.secretariat.token, body);
  }
}

async function countListed(served: Served, token: string, path: string): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const page = await served.ask('GET', `${path}?limit=500${cursor === undefined ? '' : `&cursor=${cursor}`}`, token);
    count += (page['items'] as unknown[]).length;
    cursor = page['next'] as string | undefined;
  } while (cursor !== undefined);
  return count;
}
