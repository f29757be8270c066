// Every id in an event names an entity by whose audience it is judged, or is one of the few that name nothing of the register.
import { describe, expect, it } from '@jest/globals';
import { schema } from '../../apps/api/src/composition.js';
import { namedBy } from '../../libs/report/src/dossier/names.js';
import { readEventTypes } from '../../scripts/docs/event-types.js';
import type { Field } from '../../scripts/docs/type-words.js';

const ID = '5898bf87-0220-8938-8f3a-3ece6c79489c';
const WORDS = 'id (UUID)';

/** Ids of what no table of the register holds. */
const NOT_OF_THE_REGISTER = ['token-issued /subject', 'access-day-closed /node'];

const { events, commons, shapes } = readEventTypes(process.cwd());

/** The pointers to the ids of a field, as its words describe it. */
function pointersIn({ name, words }: Field, seen: readonly string[] = []): string[] {
  const own = words.replace(/^list of: /, '').startsWith(WORDS) ? [`/${name}`] : [];
  const inner = [...words.matchAll(/[{;] (\w+)(?: \(optional\))?: (?:list of: )?id \(UUID\)/g)].map(([, key]) => `/${name}/${key}`);
  const named = [...words.matchAll(/\]\(#(\w+)\)/g)].flatMap(([, anchor]) => {
    const shape = shapes.find((each) => each.name.toLowerCase() === anchor);
    if (!shape || seen.includes(shape.name)) return [];
    return shape.fields.flatMap((field) => pointersIn(field, [...seen, shape.name])).map((pointer) => `/${name}${pointer}`);
  });
  return [...own, ...inner, ...named];
}

/** What may stand beside an id to say what kind of thing it names, as the words of the field `kind` list it. */
function kindsOf(type: string, pointer: string): readonly string[] {
  const [field, ...inner] = pointer.split('/').slice(1);
  const { fields } = events.find((each) => each.type === type)!;
  const said = inner.length === 0 ? fields.find(({ name }) => name === 'kind')?.words : fields.find(({ name }) => name === field)?.words;
  const kinds = [...(said ?? '').matchAll(/`([a-z-]+)`/g)].map(([, kind]) => kind!);
  return kinds.length > 0 ? kinds : ['none'];
}

/** Event data with a kind beside what the pointer leads to. */
const dataWith = (pointer: string, kind: string): unknown =>
  pointer
    .split('/')
    .slice(1, -1)
    .reduceRight<object>((inner, key) => ({ [key]: inner }), { kind });

const places = events.flatMap(({ type, fields }) =>
  [...fields, ...commons]
    .flatMap((field) => pointersIn(field))
    .flatMap((pointer) => kindsOf(type, pointer).map((kind) => ({ where: `${type} ${pointer}`, type, pointer, kind }))),
);

describe('an id in an event', () => {
  it('names something of a table of the register, whatever event it stands in', () => {
    expect(places.length).toBeGreaterThan(100);
    const unnamed = places.filter(({ type, pointer, kind }) => {
      const named = namedBy(type, dataWith(pointer, kind), pointer, ID);
      return named === undefined || !schema.tables.has(named.in);
    });
    expect([...new Set(unnamed.map(({ where }) => where))].sort()).toEqual([...NOT_OF_THE_REGISTER].sort());
  });
});
