// C2SP tlog-policy: which logs and witnesses somebody trusts, and how many witnesses must have seen a checkpoint. One line of our own: max-age.
import { fromDecimal } from './base64.js';
import type { Sha256 } from './hashes.js';
import { Malformed } from './malformed.js';
import { isSameKey, keyAs, parseVerifierKey, type VerifierKey } from './verifier-key.js';

/** Whether the witnesses that cosigned are enough. */
export type Quorum =
  | { kind: 'none' }
  | { kind: 'witness'; name: string; key: VerifierKey }
  | { kind: 'group'; name: string; needed: number; members: readonly Quorum[] };

export interface Policy {
  /** Keys of which one must have signed the checkpoint. */
  logs: readonly VerifierKey[];
  /** All that are named, whether the quorum needs them or not. */
  witnesses: readonly VerifierKey[];
  quorum: Quorum;
  /** The largest age of a checkpoint. */
  maxAgeSeconds?: number;
}

const MAX_LINES = 1000;
const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** `90`, `90s`, `15m`, `24h` or `7d`, in seconds. @throws Malformed */
export function parseAge(text: string): number {
  const [, count, unit] = /^(\d+)([smhd]?)$/.exec(text) ?? [];
  if (count === undefined) throw new Malformed('is no age: it is written 90s, 15m, 24h or 7d');
  return fromDecimal(count) * UNITS[unit ?? '']!;
}

class PolicyReader {
  readonly logs: VerifierKey[] = [];
  readonly witnesses: VerifierKey[] = [];
  quorum: Quorum | undefined;
  maxAgeSeconds: number | undefined;
  private readonly named = new Map<string, Quorum>();
  private readonly members = new Set<string>();

  constructor(private readonly sha256: Sha256) {}

  line([keyword, ...items]: string[]): void {
    if (keyword === 'log' && (items.length === 1 || items.length === 2)) this.log(items[0]!);
    else if (keyword === 'witness' && (items.length === 2 || items.length === 3)) this.witness(items[0]!, items[1]!);
    else if (keyword === 'group' && items.length >= 3) this.group(items[0]!, items[1]!, items.slice(2));
    else if (keyword === 'quorum' && items.length === 1 && !this.quorum)
      this.quorum = items[0] === 'none' ? { kind: 'none' } : this.find(items[0]!);
    else if (keyword === 'max-age' && items.length === 1 && this.maxAgeSeconds === undefined) this.maxAgeSeconds = parseAge(items[0]!);
    else throw new Malformed('is none of log, witness, group, quorum (once) and max-age (once), or has too few or too many items');
  }

  private log(text: string): void {
    const key = parseVerifierKey(this.sha256, text);
    if (key.type !== 'note') throw new Malformed('names a log by a key that cosigns');
    if (this.logs.some((each) => isSameKey(each, key))) throw new Malformed('names a log twice');
    this.refuseOwnWitness(key, this.witnesses);
    this.logs.push(key);
  }

  private witness(name: string, text: string): void {
    const key = keyAs(this.sha256, parseVerifierKey(this.sha256, text), 'cosignature');
    if (this.witnesses.some((each) => isSameKey(each, key))) throw new Malformed('names a witness twice');
    this.refuseOwnWitness(key, this.logs);
    this.witnesses.push(key);
    this.define(name, { kind: 'witness', name, key });
  }

  private refuseOwnWitness(key: VerifierKey, others: readonly VerifierKey[]): void {
    if (others.some((each) => isSameKey(each, key)))
      throw new Malformed('makes a log its own witness: nobody else would have seen its checkpoints');
  }

  private group(name: string, threshold: string, members: string[]): void {
    const needed = threshold === 'all' ? members.length : threshold === 'any' ? 1 : fromDecimal(threshold);
    if (needed < 1 || needed > members.length) throw new Malformed(`asks for ${needed} of ${members.length} members`);
    const found = members.map((member) => {
      if (this.members.has(member)) throw new Malformed('counts a member twice');
      this.members.add(member);
      return this.find(member);
    });
    this.define(name, { kind: 'group', name, needed, members: found });
  }

  private define(name: string, quorum: Quorum): void {
    if (name === 'none' || this.named.has(name)) throw new Malformed('gives a name that is taken');
    this.named.set(name, quorum);
  }

  private find(name: string): Quorum {
    const found = this.named.get(name);
    if (!found) throw new Malformed('uses a name that no line before it defines');
    return found;
  }
}

/** @throws Malformed, which names the line */
export function parsePolicy(sha256: Sha256, text: string): Policy {
  const reader = new PolicyReader(sha256);
  const lines = text.split('\n');
  if (lines.length > MAX_LINES) throw new Malformed(`the policy has more than ${MAX_LINES} lines`);
  lines.forEach((line, at) => {
    const items = line.split(/[ \t]+/).filter((item) => item !== '');
    if (items.length === 0 || items[0]!.startsWith('#')) return;
    try {
      reader.line(items);
    } catch (error) {
      throw error instanceof Malformed ? new Malformed(`line ${at + 1} of the policy ${error.message}`) : error;
    }
  });
  const { logs, witnesses, quorum, maxAgeSeconds } = reader;
  if (!quorum) throw new Malformed('the policy has no line quorum: say quorum none where no witness is needed');
  return { logs, witnesses, quorum, ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) };
}

export function isMet(quorum: Quorum, cosigned: (witness: VerifierKey) => boolean): boolean {
  if (quorum.kind === 'none') return true;
  if (quorum.kind === 'witness') return cosigned(quorum.key);
  return quorum.members.filter((member) => isMet(member, cosigned)).length >= quorum.needed;
}
