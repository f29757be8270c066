// The checkpoint of a bundle: who signed it, when, who else saw it, and whether it is of the log that the bundle claims.
import { cosignatureTime, formatNote, isBy, type Checkpoint, type NoteSignature, type Quorum, type VerifierKey } from '../core/index.js';
import type { Findings } from './findings.js';
import { quote } from './quote.js';
import { withCosignatures } from './cosignatures.js';
import { openCheckpoint, quorumsMissed, type SignedCheckpoint, type Trust } from './trust.js';

/** A clock may be ahead by so much before a time counts as one of the future. */
const AHEAD_SECONDS = 300;

export interface JudgedCheckpoint {
  checkpoint: Checkpoint;
  /** When the log signed it, in seconds since 1970; undefined where it does not say. */
  timeSeconds: number | undefined;
  /** With the signatures that were verified, and no others. */
  keep: string;
  key: SignedCheckpoint['key'];
  /** Those under it, and those that were brought. */
  signatures: readonly NoteSignature[];
  missed: readonly Quorum[];
  isWitnessed: boolean;
}

/** What an honest log signed with another key cannot be told from what somebody else made: the graver of the two stands. */
const MAY_BE_HONEST =
  'Nothing else in the bundle was checked, and it may be forged as well as honest. Where the log has changed its key since, give the older one as well: the record signing-key-changed of a newer bundle, verified with the key in force, names it.';

/** Where no trusted key vouches for it, nothing in the bundle can be proven. */
export function checkCheckpoint(
  note: string,
  trust: Trust,
  nowMs: number,
  findings: Findings,
): JudgedCheckpoint | 'signed-by-others' | 'refused' {
  const signed = openCheckpoint(note, trust);
  if ('refused' in signed) {
    const advice = signed.byOthers === 'of-the-log' ? ` ${MAY_BE_HONEST}` : '';
    findings.add('manipulation', 'custody', 'checkpoint-not-trusted', `The checkpoint ${signed.refused}.${advice}`);
    return signed.byOthers !== undefined ? 'signed-by-others' : 'refused';
  }
  const signatures = withCosignatures(signed, trust, findings);
  const missed = quorumsMissed(trust, signatures);
  for (const quorum of missed)
    findings.add('gap', 'custody', 'not-witnessed', `The checkpoint lacks the cosignatures that ${nameOf(quorum)} asks for.`);
  const times = signed.verified
    .filter((signature) => trust.clocks.some((key) => key.name === signed.checkpoint.origin && isBy(key)(signature)))
    .map(({ signature }) => cosignatureTime(signature)!);
  const timeSeconds = times.length > 0 ? Math.max(...times) : undefined;
  checkAge(timeSeconds, trust.maxAgeSeconds, nowMs / 1000, findings);
  return {
    checkpoint: signed.checkpoint,
    timeSeconds,
    keep: formatNote({ text: signed.text, signatures }),
    key: signed.key,
    signatures,
    missed,
    isWitnessed: trust.quorums.length > 0 && missed.length === 0,
  };
}

/** At the end: what was taken for a witness's may be by a key of the log. @param recorded keys of the log, as the record names them */
export function checkWitnesses(
  { signatures, missed }: JudgedCheckpoint,
  trust: Trust,
  recorded: readonly VerifierKey[],
  findings: Findings,
): void {
  for (const quorum of quorumsMissed({ ...trust, former: recorded }, signatures)) {
    if (missed.includes(quorum)) continue;
    findings.add(
      'gap',
      'custody',
      'not-witnessed',
      `The checkpoint lacks the cosignatures that ${nameOf(quorum)} asks for: the record names a key of them as the log's own, which is nobody's witness.`,
    );
  }
}

const nameOf = (quorum: Quorum): string => quote(quorum.kind === 'none' ? 'none' : quorum.name);

function checkAge(time: number | undefined, maxAge: number | undefined, now: number, findings: Findings): void {
  if (time === undefined) {
    const grade = maxAge === undefined ? 'notice' : 'gap';
    findings.add(grade, 'custody', 'age-unknown', 'The checkpoint does not say when it was signed: the log put no cosignature under it.');
    return;
  }
  if (time > now + AHEAD_SECONDS) {
    findings.add(
      'gap',
      'custody',
      'from-the-future',
      `The checkpoint says that it was signed ${Math.round(time - now)} s from now: a clock is wrong, or its age is a pretence.`,
    );
  }
  if (maxAge !== undefined && now - time > maxAge) {
    findings.add(
      'gap',
      'custody',
      'too-old',
      `The checkpoint is ${Math.round(now - time)} s old, and at most ${maxAge} s are allowed: later history may have been taken back.`,
    );
  }
}
