import { describe, expect, it } from '@jest/globals';
import { audienceKey, maySee, publicReader, readsWhole, type Audience, type Reader, type Role } from './audience.js';
import type { Uuid } from './ids.js';

const uuid = (digit: string): Uuid => `${digit.repeat(8)}-0000-8000-8000-000000000000` as Uuid;
const [council, board, norway, sweden] = [uuid('1'), uuid('2'), uuid('3'), uuid('4')];
const reader = (role: Role, bodies: Reader['bodies'] = [], organisation?: Uuid): Reader => ({
  subject: uuid('9'),
  role,
  bodies,
  organisation,
});

const readers = {
  public: publicReader,
  admin: reader('admin'),
  'admin of all': reader('admin', 'all'),
  auditor: reader('auditor'),
  'secretariat of all': reader('secretariat', 'all'),
  'secretariat of the body': reader('secretariat', [board, council]),
  'secretariat of another': reader('secretariat', [board]),
  'delegate of a member': reader('delegate', [], norway),
  'delegate of another': reader('delegate', [], sweden),
  'delegate of nobody': reader('delegate'),
  // An organisation or a body means nothing where the role has none.
  'admin with an organisation': reader('admin', [], norway),
  'delegate who names the body': reader('delegate', [council]),
} satisfies Record<string, Reader>;
type Who = keyof typeof readers;

const restricted = (organisations: Uuid[], roles: Role[] = []): Audience => ({ kind: 'restricted', organisations, roles });
const everybody = Object.keys(readers) as Who[];
const whole: Who[] = ['auditor', 'secretariat of all', 'secretariat of the body'];

describe('who sees what', () => {
  it.each<[string, Audience, Who[]]>([
    ['public', { kind: 'public' }, everybody],
    ['members', { kind: 'members' }, [...whole, 'delegate of a member']],
    ['restricted to nobody', restricted([]), whole],
    ['restricted to a member', restricted([norway]), [...whole, 'delegate of a member']],
    ['restricted to one that is no member', restricted([sweden]), [...whole, 'delegate of another']],
    ['restricted to both', restricted([norway, sweden]), [...whole, 'delegate of a member', 'delegate of another']],
    [
      'restricted to delegates',
      restricted([], ['delegate']),
      [...whole, 'delegate of a member', 'delegate of another', 'delegate of nobody', 'delegate who names the body'],
    ],
    ['restricted to admins', restricted([], ['admin']), [...whole, 'admin', 'admin of all', 'admin with an organisation']],
    ['restricted to secretariats', restricted([], ['secretariat']), [...whole, 'secretariat of another']],
    [
      'restricted to an organisation and a role',
      restricted([norway], ['admin']),
      [...whole, 'delegate of a member', 'admin', 'admin of all', 'admin with an organisation'],
    ],
  ])('%s', (_, audience, expected) => {
    const seeing = everybody.filter((who) => maySee(readers[who], audience, [council], (organisation) => organisation === norway));
    expect(seeing.sort()).toEqual([...expected].sort());
  });

  it('of an entity of no body, only who reads everything', () => {
    expect(everybody.filter((who) => readsWhole(readers[who], []))).toEqual(['auditor', 'secretariat of all']);
  });

  it('of an entity of several bodies, the secretariat of each', () => {
    expect(readsWhole(reader('secretariat', [board]), [council, board])).toBe(true);
  });

  it("by membership today: asked of the reader's own organisation, and only where it counts", () => {
    const asked: Uuid[] = [];
    const isMember = (organisation: Uuid): boolean => asked.push(organisation) > 0;
    maySee(readers['delegate of another'], { kind: 'members' }, [council], isMember);
    maySee(readers.public, { kind: 'members' }, [council], isMember);
    maySee(readers.auditor, { kind: 'members' }, [council], isMember);
    maySee(readers['delegate of a member'], restricted([norway]), [council], isMember);
    expect(asked).toEqual([sweden]);
  });
});

it.each<[string, Audience | undefined, Audience | undefined, boolean]>([
  ['nothing stated', undefined, undefined, true],
  ['nothing stated is not for members', undefined, { kind: 'members' }, false],
  ['public and members', { kind: 'public' }, { kind: 'members' }, false],
  [
    'the same in another order',
    restricted([norway, sweden], ['admin', 'delegate']),
    restricted([sweden, norway], ['delegate', 'admin']),
    true,
  ],
  ['one fewer', restricted([norway, sweden]), restricted([norway]), false],
  ['other roles', restricted([], ['admin']), restricted([], ['delegate']), false],
  ['nobody and members', restricted([]), { kind: 'members' }, false],
])('audiences are the same: %s', (_, one, other, same) => expect(audienceKey(one) === audienceKey(other)).toBe(same));
