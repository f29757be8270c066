// What a verb of the command line declares, and how its arguments are read: a mistake is told with the usage, and status 2.
import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.js';

export type Options = NonNullable<ParseArgsConfig['options']>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** The command was not written as it must be: status 2. */
export class UsageError extends Error {}
/** The command was understood and could not be done: status 1. The message is for the person who gave it. */
export class Failure extends Error {}

type Values<O extends Options> = ReturnType<typeof parseArgs<{ options: O; allowPositionals: true }>>['values'];

export interface Call<O extends Options = Options> {
  values: Values<O>;
  positionals: string[];
  env: Environment;
  terminal: Terminal;
}

export interface Verb {
  name: string;
  /** Behind the name: `FILE --url URL`. */
  usage: string;
  /** One line. */
  says: string;
  /** More lines for `plenary <verb> --help`. */
  details: readonly string[];
  options: Options;
  /**
   * Where the statuses of misuse and failure mean something else: answers the one for what could not be done, undefined where they mean the same.
   * The message was told already.
   */
  notDone?(message: string, args: readonly string[], terminal: Terminal): number | undefined;
  /** Answers the exit status. @throws UsageError, Failure, and what the server's own modules throw */
  run(call: Call): Promise<number>;
}

export const verb = <const O extends Options>(
  definition: Omit<Verb, 'options' | 'run'> & { options: O; run(call: Call<O>): Promise<number> },
): Verb => definition;

export function readArguments({ options }: Verb, args: readonly string[]): { values: Call['values']; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
      strict: true,
    });
    return { values, positionals };
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** @throws UsageError where there are too few or too many */
export function exactly(positionals: readonly string[], ...names: string[]): string[] {
  if (positionals.length < names.length) throw new UsageError(`${names[positionals.length]} is missing`);
  if (positionals.length > names.length) throw new UsageError(`${JSON.stringify(positionals[names.length])} is one argument too many`);
  return [...positionals];
}

/** @throws UsageError where the option is absent or empty */
export function required(value: string | undefined, option: string): string {
  if (value === undefined || value.trim() === '') throw new UsageError(`--${option} is missing`);
  return value;
}

/** @throws UsageError where the text is none of the values */
export function oneOf<const V extends string>(value: string, values: readonly V[], option: string): V {
  if ((values as readonly string[]).includes(value)) return value as V;
  throw new UsageError(`--${option} is ${JSON.stringify(value)}; it must be one of ${values.join(', ')}`);
}
