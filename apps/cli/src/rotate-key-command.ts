// `plenary rotate-key`: another key signs the history from here on. The record keeps the change, signed by both.
import { exactly, required, verb } from './command-line.js';
import { withServer } from './server-of-directory.js';

export const rotateKeyCommand = verb({
  name: 'rotate-key',
  usage: '--reason REASON',
  says: 'Replaces the signing key, with the server of PLENARY_DATA running or not.',
  details: [
    '  --reason REASON  why, for ever in the record',
    '  --lang TAG       the language of REASON (en)',
    '',
    'A new key is made in PLENARY_KEYS, on the node that signs. Publish the verifier key that is printed, and keep the old one published as',
    'well: who trusts it follows the record to the new one. The old private key is gone afterwards.',
  ],
  options: { reason: { type: 'string' }, lang: { type: 'string', default: 'en' } },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const reason = [{ lang: values.lang, text: required(values.reason, 'reason') }];
    return withServer(env, async ({ client }) => {
      const before = await verifierKey(client.base);
      await client.post('/log/key', { reason });
      terminal.print(
        `The signing key is replaced: what is signed from now on is verified with\n${await verifierKey(client.base)}\nin place of\n${before}`,
      );
      return 0;
    });
  },
});

const verifierKey = async (base: string): Promise<string> => (await (await fetch(`${base}/api/v1/log/key`)).text()).trim();
