// `plenary redact`: the law demands that texts go. They are named one by one, with the reason and the authority; the record keeps the rest.
import { exactly, required, UsageError, verb } from './command-line.js';
import { withServer } from './server-of-directory.js';

/** The files are written anew: a large record takes its time. */
const ANSWERED_WITHIN_MS = 600_000;

export const redactCommand = verb({
  name: 'redact',
  usage: '--record N --pointer POINTER [--pointer POINTER …] --reason REASON --authority AUTHORITY',
  says: 'Removes typed texts because the law demands it, with the server of PLENARY_DATA running or not.',
  details: [
    '  --record N         the record that holds the texts',
    '  --pointer POINTER  JSON pointer to a text in one language, in the record as GET /records/N shows it: /data/text/0/text,',
    '                     /actor/name; once for each text',
    '  --reason REASON    why, for ever in the record',
    '  --authority TEXT   on what authority: the order, or the law',
    '  --lang TAG         the language of REASON and AUTHORITY (en)',
    '',
    'It cannot be undone. The record goes on to say that a text was there, when it was removed, by whom and why, and proves the',
    'same as before. Backups, copies and bundles that were given out are not reached: see docs/operating.md.',
  ],
  options: {
    record: { type: 'string' },
    pointer: { type: 'string', multiple: true },
    reason: { type: 'string' },
    authority: { type: 'string' },
    lang: { type: 'string' },
  },
  async run({ values: { record, pointer: pointers = [], reason, authority, lang = 'en' }, positionals, env, terminal }) {
    exactly(positionals);
    const number = required(record, 'record');
    if (!/^[1-9]\d{0,8}$/.test(number)) throw new UsageError(`--record is ${JSON.stringify(number)}; it must be the number of a record`);
    if (pointers.length === 0) throw new UsageError('--pointer is missing');
    for (const pointer of pointers)
      if (!pointer.startsWith('/'))
        throw new UsageError(`--pointer is ${JSON.stringify(pointer)}; it must begin with a slash, such as /data/text/0/text`);
    const words = (text: string) => [{ lang, text }];
    const removal = {
      values: pointers.map((pointer) => ({ record: Number(number), pointer })),
      reason: words(required(reason, 'reason')),
      authority: words(required(authority, 'authority')),
    };
    return withServer(env, async ({ client }) => {
      const { body } = await client.post('/removals', removal, { withinMs: ANSWERED_WITHIN_MS });
      terminal.print(
        body['carriedOut'] === true
          ? 'Removed: nothing is left of it in the data directory.'
          : 'Removed: nobody gets it any more. What is left of it in files goes as soon as it can; GET /api/v1/health tells.',
      );
      return 0;
    });
  },
});
