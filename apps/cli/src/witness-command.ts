// `plenary witness`: somebody else's key and memory. Cosigns a log's newest checkpoint once it has seen that the log goes on from the last one.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fromBase64 } from '#ledger/core';
import { LogKey, Witness } from '#ledger/writer';
import { ApiClient } from './api-client.js';
import { exactly, required, UsageError, verb } from './command-line.js';
import { readUrl } from './play-command.js';

export const witnessCommand = verb({
  name: 'witness',
  usage: '--name NAME --key FILE --state FILE --url URL --log-key VKEY',
  says: 'Cosigns the newest checkpoint of a log, after checking that it goes on from the last one.',
  details: [
    '  --name NAME      the name of the witness: a URL without scheme, such as witness.example.org',
    '  --key FILE       its private key, made there where there is none',
    '  --state FILE     where it remembers what it cosigned: a witness that has lost it must take another key',
    '  --url URL        the server of the log; a token in PLENARY_TOKEN',
    '  --log-key VKEY   the verifier key of the log, from a source that you trust',
    '',
    'Prints the checkpoint with the cosignature, and tells the verifier key under which others trust it.',
  ],
  options: {
    name: { type: 'string' },
    key: { type: 'string' },
    state: { type: 'string' },
    url: { type: 'string' },
    'log-key': { type: 'string' },
  },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const token = env['PLENARY_TOKEN'];
    if (!token) throw new UsageError('a token is needed in PLENARY_TOKEN');
    const key = new LogKey(required(values.name, 'name'), keyIn(required(values.key, 'key')));
    const witness = new Witness({
      key,
      logs: [required(values['log-key'], 'log-key')],
      stateFile: required(values.state, 'state'),
      now: () => Date.now(),
    });
    const client = new ApiClient(readUrl(required(values.url, 'url')), token);
    const { text } = await client.get('/log/checkpoint');
    const cosigned = await witness.cosign(text, async (from) => {
      const { body } = await client.get(`/log/consistency?from=${from}`);
      return (body['proof'] as string[]).map(fromBase64);
    });
    terminal.print(cosigned.trimEnd());
    terminal.tell(`Cosigned as ${key.cosignerKey}`);
    return 0;
  },
});

function keyIn(file: string): KeyObject {
  if (existsSync(file)) return createPrivateKey(readFileSync(file, 'utf8'));
  const { privateKey } = generateKeyPairSync('ed25519');
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return privateKey;
}
