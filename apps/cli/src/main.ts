#!/usr/bin/env node
// `plenary <verb> …`: finds the verb, reads its arguments, and turns what goes wrong into a message and a status.
import { readArguments, UsageError, type Verb } from './command-line.js';
import { backupCommand } from './backup-command.js';
import { clockCommand } from './clock-command.js';
import { demoCommand } from './demo-command.js';
import { exportCommand } from './export-command.js';
import { migrateCommand } from './migrate-command.js';
import { playCommand } from './play-command.js';
import { rebuildCommand } from './rebuild-command.js';
import { redactCommand } from './redact-command.js';
import { recoverCommand } from './recover-command.js';
import { replayCommand } from './replay-command.js';
import { reportCommand } from './report-command.js';
import { restoreCommand } from './restore-command.js';
import { rotateKeyCommand } from './rotate-key-command.js';
import { serveCommand } from './serve-command.js';
import { openTerminal, type Terminal } from './terminal.js';
import { snapshotCommand } from './snapshot-command.js';
import { tokenCommand } from './token-command.js';
import { verifyCommand } from './verify-command.js';
import { witnessCommand } from './witness-command.js';

const VERBS: readonly Verb[] = [
  serveCommand,
  demoCommand,
  playCommand,
  reportCommand,
  tokenCommand,
  rebuildCommand,
  snapshotCommand,
  replayCommand,
  exportCommand,
  verifyCommand,
  witnessCommand,
  redactCommand,
  backupCommand,
  restoreCommand,
  recoverCommand,
  migrateCommand,
  rotateKeyCommand,
  clockCommand,
];
const FAILED = 1;
const MISUSED = 2;
/** Of every verb: no other status may pass for what nobody could read. */
const NOT_PRINTED = 3;

function help(): string {
  const width = Math.max(...VERBS.map(({ name }) => name.length));
  return [
    'plenary: the record of what governing bodies said, decided and still owe',
    '',
    'Usage: plenary <verb> [options]',
    '',
    ...VERBS.map(({ name, says }) => `  ${name.padEnd(width)}  ${says}`),
    '',
    'plenary <verb> --help tells more. Where what it prints cannot be written, any of them ends with status 3. PLENARY_DATA names the directory of the record (default ./data), PLENARY_KEYS that of its keys.',
  ].join('\n');
}

const helpOf = ({ name, usage, says, details }: Verb): string =>
  [`Usage: plenary ${name} ${usage}`.trimEnd(), '', says, ...(details.length > 0 ? ['', ...details] : [])].join('\n');

async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    if (name === undefined) terminal.tell(help());
    else terminal.print(help());
    return name === undefined ? MISUSED : 0;
  }
  const verb = VERBS.find((each) => each.name === name);
  if (!verb) {
    terminal.tell(`plenary: there is no verb ${JSON.stringify(name)}; there are ${VERBS.map((each) => each.name).join(', ')}`);
    return MISUSED;
  }
  try {
    const { values, positionals } = readArguments(verb, args);
    if (values['help']) {
      terminal.print(helpOf(verb));
      return 0;
    }
    return await verb.run({ values, positionals, env: process.env, terminal });
  } catch (error) {
    const isMisuse = error instanceof UsageError;
    const message = messageOf(error);
    // It may have been read out of a directory, or come from a server: no line of it begins as one of the program's own.
    terminal.tell(`plenary ${name}: ${message.replace(/\n(?! )/g, '\n  ')}${isMisuse ? `\nUsage: plenary ${name} ${verb.usage}` : ''}`);
    return verb.notDone?.(message, args, terminal) ?? (isMisuse ? MISUSED : FAILED);
  }
}

/** The operator sees causes, not stacks, unless they ask for them. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (['debug', 'trace'].includes(process.env['PLENARY_LOG'] ?? '')) return error.stack ?? error.message;
  return error.message;
}

async function runAndFlush(args: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  const status = await run(args, terminal);
  const failure = await terminal.flushed();
  if (!failure) return status;
  terminal.tell(`plenary: not all that it prints could be written: ${failure.message}`);
  return NOT_PRINTED;
}

// The exit code is set, not forced: what was told is flushed first.
process.exitCode = await runAndFlush(process.argv.slice(2));
