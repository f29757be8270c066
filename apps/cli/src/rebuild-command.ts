// `plenary rebuild`: the read models are made anew from the log, beside those that serve meanwhile.
import { exactly, verb } from './command-line.js';
import { withServer } from './server-of-directory.js';

/** A million records take a minute or two. */
const REBUILT_WITHIN_MS = 3_600_000;

export const rebuildCommand = verb({
  name: 'rebuild',
  usage: '',
  says: 'Makes the read models anew from the log, with the server of PLENARY_DATA running or not.',
  details: ['They are made beside those that serve, and take over once they have caught up. The log itself is only read.'],
  options: {},
  async run({ positionals, env, terminal }) {
    exactly(positionals);
    return withServer(env, async ({ client, running }) => {
      const { body } = await client.post('/read-models/rebuild', {}, { withinMs: REBUILT_WITHIN_MS });
      const records = body['records'];
      terminal.print(
        `The read models were rebuilt${typeof records === 'number' ? ` from ${records} records` : ''}${running ? ' and serve now' : ''}.`,
      );
      return 0;
    });
  },
});
