// `plenary report`: the report of a meeting, generated from the record, on standard output.
import { isUuid } from '#kernel';
import { ApiClient } from './api-client.js';
import { exactly, oneOf, required, UsageError, verb } from './command-line.js';
import { readUrl } from './play-command.js';
import { withServer } from './server-of-directory.js';

const MEDIA_TYPES = { md: 'text/markdown', html: 'text/html' } as const;

export const reportCommand = verb({
  name: 'report',
  usage: '--meeting ID [--format md|html] [--lang fr] [--as-of MOMENT]',
  says: 'Prints the report of a meeting, each sentence with the number of its record.',
  details: [
    '  --meeting ID     plenary serve answers the ids at /api/v1/meetings',
    '  --format FORMAT  md (Markdown) or html; md where absent',
    '  --lang TAG       the language that is wanted; what is missing in it is given in the original',
    '  --as-of MOMENT   as the register stood: a record number, or a time with its offset',
    '  --url URL        another server than that of PLENARY_DATA',
    '',
    'It holds what the holder of the token in PLENARY_TOKEN may read. Without one it asks as the admin whose token lies in PLENARY_KEYS:',
    'of a meeting an admin reads what the public may.',
  ],
  options: {
    meeting: { type: 'string' },
    format: { type: 'string', default: 'md' },
    lang: { type: 'string' },
    'as-of': { type: 'string' },
    url: { type: 'string' },
  },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const meeting = required(values.meeting, 'meeting');
    if (!isUuid(meeting)) throw new UsageError(`--meeting is ${JSON.stringify(meeting)}; it must be an id: a UUID in lower case`);
    const format = oneOf(values.format, ['md', 'html'], 'format');
    const ask = async (client: ApiClient): Promise<number> => {
      const query = values['as-of'] === undefined ? '' : `?asOf=${encodeURIComponent(values['as-of'])}`;
      const { text } = await client.get(`/meetings/${meeting}/report${query}`, {
        Accept: MEDIA_TYPES[format],
        ...(values.lang !== undefined && { 'Accept-Language': values.lang }),
      });
      terminal.print(text.trimEnd());
      return 0;
    };
    const token = env['PLENARY_TOKEN'];
    if (values.url === undefined) return withServer(env, ({ client }) => ask(token ? new ApiClient(client.base, token) : client));
    if (!token) throw new UsageError('--url needs a token in PLENARY_TOKEN');
    return ask(new ApiClient(readUrl(values.url), token));
  },
});
