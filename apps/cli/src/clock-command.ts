// `plenary clock accept`: an operator has looked at a clock that could not be trusted, and takes the responsibility.
import { exactly, required, UsageError, verb } from './command-line.js';
import { withServer } from './server-of-directory.js';

export const clockCommand = verb({
  name: 'clock',
  usage: 'accept --reason REASON',
  says: 'Accepts the clock of the node after it jumped, so that commands are taken again.',
  details: [
    'A node whose clock jumped, or lies behind the last record, refuses commands. Set the clock right first. What is accepted,',
    'and why, is recorded.',
  ],
  options: { reason: { type: 'string' }, lang: { type: 'string' } },
  async run({ values, positionals: [action, ...rest], env, terminal }) {
    if (action !== 'accept') throw new UsageError(action === undefined ? 'say what: accept' : `${JSON.stringify(action)} is not accept`);
    exactly(rest);
    const text = required(values.reason, 'reason');
    return withServer(env, async ({ client }) => {
      await client.post('/clock/acceptance', { reason: [{ lang: values.lang ?? 'en', text }] });
      terminal.print('The clock is accepted: commands are taken again.');
      return 0;
    });
  },
});
