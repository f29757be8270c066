// Whom the auditor trusts, and what they kept. It never comes from the bundle or from a server.
import {
  isBy,
  isMet,
  isSameKey,
  keyAs,
  Malformed,
  noteVerifier,
  openNote,
  parseCheckpoint,
  parsePolicy,
  parseVerifierKey,
  type Checkpoint,
  type NoteSignature,
  type NoteVerifier,
  type Quorum,
  type VerifierKey,
} from '../core/index.js';
import { sha256, verifySignature } from './node-crypto.js';
import { quoteKey } from './quote.js';

export interface TrustOptions {
  /** Verifier keys of the log, as written. */
  keys?: readonly string[];
  /** Verifier keys of witnesses, all of which must have cosigned. */
  witnesses?: readonly string[];
  /** The text of a policy file, in place of or beside these. */
  policy?: string;
  /** A signed checkpoint of this log that was kept from an earlier verification. */
  since?: string;
  /** Signed checkpoints with the cosignatures of witnesses: they count where they are of the very checkpoint that is verified. */
  cosigned?: readonly string[];
  /** The largest age of the checkpoint; that of the policy where absent. */
  maxAgeSeconds?: number;
}

export interface Trust {
  logs: readonly VerifierKey[];
  /** The same keys where they cosign: from these comes the checkpoint's time. */
  clocks: readonly VerifierKey[];
  witnesses: readonly VerifierKey[];
  quorums: readonly Quorum[];
  maxAgeSeconds: number | undefined;
  known: readonly NoteVerifier[];
  /** Keys that were the log's own before those that are trusted, as the bundle shows: they vouch for nothing, and are nobody else's. */
  former: readonly VerifierKey[];
  since: Checkpoint | undefined;
  /** A kept checkpoint whose key is not known yet: one that the bundle shows to follow from a trusted one may have signed it. */
  sinceLater?: string;
  /** Signed notes that may carry cosignatures beside those of the bundle: the kept checkpoint, and what witnesses gave. */
  brought: { kept: string | undefined; cosigned: readonly string[] };
}

/** @throws Malformed where what the auditor brought cannot be used, saying what */
export function readTrust({ keys = [], witnesses = [], policy, since, cosigned = [], maxAgeSeconds }: TrustOptions): Trust {
  const stated = policy === undefined ? undefined : parsePolicy(sha256, policy);
  const logs = [...keys.map(logKeyOf), ...(stated?.logs ?? [])];
  if (logs.length === 0) throw new Malformed('no key of a log is given: without one nothing can be proven');
  const required = witnesses.map((text) => keyAs(sha256, keyOf(text, 'witness'), 'cosignature'));
  const all = [...required, ...(stated?.witnesses ?? [])];
  if (all.some((witness) => logs.some((log) => isSameKey(log, witness))))
    throw new Malformed('a key of the log is given as a witness: nobody else would have seen its checkpoints');
  const clocks = logs.map((key) => keyAs(sha256, key, 'cosignature'));
  const known = [...logs, ...clocks, ...all].map((key) => noteVerifier(key, verifySignature));
  const quorums: Quorum[] = required.map((key) => ({ kind: 'witness', name: key.name, key }));
  if (stated && stated.quorum.kind !== 'none') quorums.push(stated.quorum);
  const trust: Trust = {
    logs,
    clocks,
    witnesses: all,
    quorums,
    maxAgeSeconds: maxAgeSeconds ?? stated?.maxAgeSeconds,
    known,
    former: [],
    since: undefined,
    brought: { kept: since, cosigned },
  };
  if (since === undefined) return trust;
  const kept = openCheckpoint(since, trust);
  if (!('refused' in kept)) return { ...trust, since: kept.checkpoint };
  if (!isByOtherKeys(since, trust)) throw new Malformed(`the kept checkpoint ${kept.refused}`);
  return { ...trust, sinceLater: since };
}

/** Whether it is a checkpoint, and what stands under it in the name of a known key is that key's: whoever else signed it, a log may among them. */
function isByOtherKeys(note: string, { known }: Trust): boolean {
  try {
    const opened = openNote(note, known);
    if ('refused' in opened) return opened.refused === 'unknown-keys';
    parseCheckpoint(opened.text);
    return true;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

function logKeyOf(text: string): VerifierKey {
  const key = keyOf(text, 'key');
  if (key.type !== 'note') throw new Malformed('the key that was given cosigns: it is that of a witness, and of no log');
  return key;
}

function keyOf(text: string, what: string): VerifierKey {
  try {
    return parseVerifierKey(sha256, text.trim());
  } catch (error) {
    throw new Malformed(`the ${what} that was given ${(error as Error).message}`);
  }
}

/** What the auditor kept, once the keys are known that follow from the trusted ones; or why it cannot be used. */
export function keptUnder(trust: Trust): Checkpoint | string | undefined {
  if (trust.sinceLater === undefined) return trust.since;
  const signed = openCheckpoint(trust.sinceLater, trust);
  return 'refused' in signed ? `the kept checkpoint ${signed.refused}` : signed.checkpoint;
}

export interface SignedCheckpoint {
  checkpoint: Checkpoint;
  text: string;
  key: VerifierKey;
  verified: readonly NoteSignature[];
}

export interface RefusedCheckpoint {
  /** The end of a sentence that says why; what the note holds is quoted in it. */
  refused: string;
  /** Where nothing is wrong with it but that no trusted key signed it: it is said to be of a log that has one, or of another. */
  byOthers?: 'of-the-log' | 'of-another';
}

/** A checkpoint that a trusted key of its own log signed, or why it is none. */
export function openCheckpoint(note: string, trust: Trust): SignedCheckpoint | RefusedCheckpoint {
  try {
    const opened = openNote(note, trust.known);
    if ('refused' in opened) {
      return opened.refused === 'unknown-keys'
        ? signedByOthers(opened.signatures)
        : refused(
            `carries a signature under the name and id of a trusted key (${quoteKey(opened.signature.name)}, ${opened.signature.id}) that this key did not make`,
          );
    }
    const checkpoint = parseCheckpoint(opened.text);
    const key = trust.logs.find((each) => each.name === checkpoint.origin && opened.verified.some(isBy(each)));
    if (!key) {
      return trust.logs.some(({ name }) => name === checkpoint.origin)
        ? signedByOthers(opened.signatures.filter(({ name }) => name === checkpoint.origin))
        : { refused: 'is of another log: no trusted key of its origin signed it', byOthers: 'of-another' };
    }
    return { checkpoint, text: opened.text, key, verified: opened.verified };
  } catch (error) {
    if (error instanceof Malformed) return refused(error.message);
    throw error;
  }
}

const refused = (why: string): RefusedCheckpoint => ({ refused: why });

/** @param signatures of keys that are not trusted */
function signedByOthers(signatures: readonly NoteSignature[]): RefusedCheckpoint {
  const names = new Set(signatures.map(({ name, id }) => `${quoteKey(name)} (${id})`));
  const by = names.size > 0 ? `, but by ${[...names].slice(0, 3).join(', ')}` : '';
  return { refused: `is signed by none of the keys that are trusted here as the log's${by}`, byOthers: 'of-the-log' };
}

/** A key that turns out to be the log's own, or to have been, by what the bundle shows, is nobody's witness. */
export function quorumsMissed(
  { quorums, logs, former }: Pick<Trust, 'quorums' | 'logs' | 'former'>,
  verified: readonly NoteSignature[],
): readonly Quorum[] {
  const own = [...logs, ...former];
  return quorums.filter(
    (quorum) => !isMet(quorum, (witness) => verified.some(isBy(witness)) && !own.some((log) => isSameKey(log, witness))),
  );
}
