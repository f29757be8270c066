// `plenary restore`: a backup takes the place of a data directory that is lost, once each record of it is proven.
import { exactly, required, verb } from './command-line.js';
import { harmlessLine } from './terminal.js';

export const restoreCommand = verb({
  name: 'restore',
  usage: '--from DIR [--signer-lost]',
  says: 'Puts a backup into PLENARY_DATA, which must be empty, after proving every record of it.',
  details: [
    '  --from DIR      what plenary backup wrote',
    '  --signer-lost   the directory in PLENARY_SIGNER_DIR is lost as well: it is made anew, up to the checkpoint in the backup. What was',
    '                  signed after that is forgotten, and whoever kept a newer checkpoint can show it',
    '',
    'The copy is read from end to end and compared with its manifest and with what PLENARY_SIGNER_DIR remembers; only then is it the log.',
    'PLENARY_KEYS must hold the keys of the installation. Leave the signer’s directory as it is. Start the server afterwards: it makes the',
    'read models, carries out removals again, and says so where more was signed than the backup holds.',
  ],
  options: { from: { type: 'string' }, 'signer-lost': { type: 'boolean', default: false } },
  async run({ values, positionals, env, terminal }) {
    exactly(positionals);
    const from = required(values.from, 'from');
    const { readConfiguration, restoreBackup } = await import('#api');
    const configuration = readConfiguration(env);
    const {
      manifest: { size, origin, takenAt, root },
      signed,
      signerRebuilt,
      unremoved,
    } = await restoreBackup(configuration, from, values['signer-lost']);
    terminal.print(
      harmlessLine(`Restored to ${configuration.data}: ${size} records of ${origin}, taken ${takenAt}, under the root ${root}.`),
    );
    if (signerRebuilt)
      terminal.print(
        harmlessLine(
          `${configuration.signer} was made anew. Ask auditors and witnesses for the newest checkpoint that they kept: where it covers more than ${size} records, they are lost, and their numbers are given again. Tell them so.`,
        ),
      );
    else if (signed === undefined) terminal.print('Nothing of it was signed yet.');
    else if (signed > size)
      terminal.print(
        `${signed} records were signed: records ${size + 1} to ${signed} are missing. Nothing is recorded until plenary recover has put them back.`,
      );
    else terminal.print('It holds all that was signed.');
    if (unremoved > 0) terminal.print(`${unremoved} texts in it were removed by law: the next start removes them before it serves.`);
    return 0;
  },
});
