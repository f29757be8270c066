// `plenary token`: tokens are made, listed and revoked by the admin of the data directory.
import { isUuid } from '#kernel';
import { exactly, oneOf, required, UsageError, verb, type Call, type Options } from './command-line.js';
import { ROLES } from './play/play-file.js';
import { withServer } from './server-of-directory.js';
import { table } from './tables.js';
import { harmlessLine } from './terminal.js';

const options = {
  role: { type: 'string' },
  name: { type: 'string' },
  body: { type: 'string', multiple: true },
  organisation: { type: 'string' },
  subject: { type: 'string' },
  reason: { type: 'string' },
  lang: { type: 'string' },
} as const satisfies Options;

interface TokenRow {
  id: string;
  role: string;
  status: string;
  name?: { text: string | { $removed: string } };
  subject: string;
  bodies?: string[] | 'all';
}

export const tokenCommand = verb({
  name: 'token',
  usage: 'create --role ROLE --name NAME | list | revoke ID --reason REASON',
  says: 'Makes, lists and revokes tokens, with the server of PLENARY_DATA running or not.',
  details: [
    '  create --role ROLE     secretariat, auditor, delegate or admin',
    '         --name NAME     whose it is, in words',
    '         --body ID       of a secretariat: a body for which it writes, once for each; all where absent',
    '         --organisation ID  of a delegate: its organisation',
    '         --subject ID    the subject of an earlier token of the same person or service; a new one where absent',
    '  revoke ID --reason REASON',
    '  --lang TAG             the language of NAME and REASON (en)',
    '',
    'The token is printed once, on standard output, and kept nowhere: the record holds a hash of it.',
  ],
  options,
  run({ positionals: [action, ...rest], ...call }) {
    if (action === 'create') return create({ ...call, positionals: rest });
    if (action === 'list') return list({ ...call, positionals: rest });
    if (action === 'revoke') return revoke({ ...call, positionals: rest });
    throw new UsageError(
      action === undefined ? 'say what: create, list or revoke' : `${JSON.stringify(action)} is none of create, list, revoke`,
    );
  },
});

type TokenCall = Call<typeof options>;

const inLanguage = (text: string, lang = 'en') => [{ lang, text }];

async function create({ values, positionals, env, terminal }: TokenCall): Promise<number> {
  exactly(positionals);
  const role = oneOf(required(values.role, 'role'), ROLES, 'role');
  const name = required(values.name, 'name');
  const { body: bodies, organisation, subject } = values;
  for (const [option, ids] of Object.entries({ body: bodies ?? [], organisation: organisation ?? [], subject: subject ?? [] })) {
    for (const id of [ids].flat())
      if (!isUuid(id)) throw new UsageError(`--${option} is ${JSON.stringify(id)}; it must be an id: a UUID in lower case`);
  }
  return withServer(env, async ({ client }) => {
    const { body } = await client.post('/tokens', {
      role,
      name: inLanguage(name, values.lang),
      ...(bodies && { bodies }),
      ...(organisation && { organisation }),
      ...(subject && { subject }),
    });
    terminal.tell(`A token of the role ${role} was made, with the id ${String(body['id'])}. Keep it: it is not shown again.`);
    terminal.print(String(body['token']));
    return 0;
  });
}

async function list({ positionals, env, terminal }: TokenCall): Promise<number> {
  exactly(positionals);
  return withServer(env, async ({ client }) => {
    const rows = await client.list<TokenRow>('/tokens');
    terminal.print(
      table(
        ['id', 'role', 'whose', 'status', 'bodies'],
        rows.map(({ id, role, name, status, bodies }) => [
          id,
          role,
          harmlessLine(typeof name?.text === 'object' ? '(removed by law)' : (name?.text ?? '')),
          status,
          bodies === 'all' ? 'all' : (bodies ?? []).join(' '),
        ]),
      ),
    );
    return 0;
  });
}

async function revoke({ values, positionals, env, terminal }: TokenCall): Promise<number> {
  const [id] = exactly(positionals, 'ID');
  const reason = required(values.reason, 'reason');
  if (!isUuid(id)) throw new UsageError(`${JSON.stringify(id)} is no id of a token: plenary token list shows them`);
  return withServer(env, async ({ client }) => {
    const { body } = await client.post(`/tokens/${id}/revocation`, { reason: { code: 'other', text: inLanguage(reason, values.lang) } });
    terminal.print(body['unchanged'] ? 'The token had been revoked before.' : 'The token is revoked: it is worth nothing from now on.');
    return 0;
  });
}
