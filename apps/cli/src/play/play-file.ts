// A play: a file that a secretariat writes, and that records a meeting through the API, step by step. Checked as a whole before anything is sent.
import { readFileSync } from 'node:fs';
import { Failure } from '../command-line.js';
import { JsonFault, parseWithLines, type LinedJson } from './json-lines.js';
import { NAME, referencesIn } from './references.js';

export const ROLES = ['admin', 'secretariat', 'auditor', 'delegate'] as const;
export type Role = (typeof ROLES)[number];

export interface Step {
  as: Role;
  method: 'POST' | 'PUT';
  path: string;
  /** Later steps refer to what this one made by it. */
  name?: string;
  body: Record<string, unknown>;
  /** One line for whoever watches. */
  says?: string;
  line: number;
}

export interface Play {
  title: string;
  roles: readonly Role[];
  steps: readonly Step[];
}

const KEYS = ['title', 'source', 'roles', 'steps'];
const STEP_KEYS = ['as', 'do', 'name', 'body', 'says'];
const DO = /^(POST|PUT) (\/[A-Za-z0-9_.@{}/-]+)$/;
/** A file with thousands of mistakes tells the first ones. */
const TOLD = 20;

/** @throws Failure that tells every mistake with its line */
export function readPlayFile(file: string): Play {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failure(
      code === 'ENOENT' ? `there is no file ${file}` : code === 'EISDIR' ? `${file} is a directory` : `${file} cannot be read: ${message}`,
    );
  }
  try {
    return new PlayReader(parseWithLines(text.replace(/^\ufeff/, ''))).read();
  } catch (error) {
    if (error instanceof JsonFault) throw new Failure(`${file} is not JSON: ${error.message}`);
    if (error instanceof Failure) throw new Failure(`${file} is no play:\n${error.message}`);
    throw error;
  }
}

class PlayReader {
  private readonly mistakes: string[] = [];
  /** Names of the steps so far. */
  private readonly named = new Map<string, number>();

  constructor(private readonly json: LinedJson) {}

  read(): Play {
    const { value } = this.json;
    if (!isObject(value)) throw new Failure('  line 1: a play is an object with title, roles and steps');
    this.knows(value, KEYS, 'a play');
    const { title, roles, steps, source } = value;
    if (typeof title !== 'string' || title.trim() === '') this.mistake(value, 'title is missing: steps are recorded once for a title');
    if (source !== undefined && !isObject(source)) this.mistake(value, 'source must be an object');
    const declared = this.roles(value, roles);
    if (!Array.isArray(steps) || steps.length === 0) this.mistake(value, 'steps must be a list of at least one step');
    const read = (Array.isArray(steps) ? (steps as unknown[]) : []).flatMap((step, index) => this.step(step, index, declared) ?? []);
    if (this.mistakes.length > 0) throw new Failure(this.told());
    return { title: title as string, roles: declared.filter((role) => read.some((step) => step.as === role)), steps: read };
  }

  private roles(play: object, roles: unknown): Role[] {
    const known = Array.isArray(roles)
      ? (roles as unknown[]).filter((role): role is Role => (ROLES as readonly unknown[]).includes(role))
      : [];
    if (!Array.isArray(roles) || known.length !== roles.length || known.length === 0)
      this.mistake(play, `roles must list the roles of the steps: ${ROLES.join(', ')}`);
    return known;
  }

  private step(step: unknown, index: number, roles: readonly Role[]): Step | undefined {
    const where = `steps[${index}]`;
    if (!isObject(step)) return this.mistake(this.json.value as object, `${where} must be an object`);
    this.knows(step, STEP_KEYS, where);
    const { as, do: what, name, body = {}, says } = step;
    const match = typeof what === 'string' ? DO.exec(what) : null;
    if (!match) this.mistake(step, `${where}.do must be such as "POST /meetings/{meeting}/remarks"`);
    if (!(roles as readonly unknown[]).includes(as)) this.mistake(step, `${where}.as must be one of the file's roles: ${roles.join(', ')}`);
    if (!isObject(body)) this.mistake(step, `${where}.body must be an object`);
    if (says !== undefined && typeof says !== 'string') this.mistake(step, `${where}.says must be a text`);
    this.refers(step, where, what, body);
    this.names(step, where, name);
    if (!match || !isObject(body)) return undefined;
    return {
      as: as as Role,
      method: match[1] as 'POST' | 'PUT',
      path: match[2]!,
      ...(typeof name === 'string' && { name }),
      body: plain(body),
      ...(typeof says === 'string' && { says }),
      line: this.json.lineOf(step),
    };
  }

  private refers(step: object, where: string, what: unknown, body: unknown): void {
    for (const reference of new Set([...referencesIn(what), ...referencesIn(body)])) {
      if (!this.named.has(reference))
        this.mistake(
          step,
          `${where} refers to {${reference}}, and no earlier step has that name; write {{${reference}}} for the text itself`,
        );
    }
  }

  private names(step: object, where: string, name: unknown): void {
    if (name === undefined) return;
    if (typeof name !== 'string' || !NAME.test(name))
      return void this.mistake(step, `${where}.name must be such as "person.smith": letters, digits, dots, hyphens`);
    const before = this.named.get(name);
    if (before !== undefined) this.mistake(step, `${where}.name is ${name}, and so is that of the step on line ${before}`);
    else this.named.set(name, this.json.lineOf(step));
  }

  private knows(object: object, keys: readonly string[], what: string): void {
    for (const key of Object.keys(object)) {
      if (!keys.includes(key)) this.mistake(object, `${what} has no ${JSON.stringify(key)}; known are ${keys.join(', ')}`);
    }
  }

  private mistake(at: object, what: string): undefined {
    this.mistakes.push(`  line ${this.json.lineOf(at)}: ${what}`);
    return undefined;
  }

  private told(): string {
    const more = this.mistakes.length - TOLD;
    return [...this.mistakes.slice(0, TOLD), ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n');
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const plain = (body: Record<string, unknown>): Record<string, unknown> => JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
