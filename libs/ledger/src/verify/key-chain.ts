// From a key that the auditor trusts to the one that signed: by changes that both the old and the new key signed.
import { keyAs, Malformed, noteVerifier, openKeyChange, verifierKey, type VerifierKey } from '../core/index.js';
import type { Findings } from './findings.js';
import { sha256, verifySignature } from './node-crypto.js';
import { quoteKey } from './quote.js';
import type { Trust } from './trust.js';

interface Step {
  note: string;
  from: string;
  to: string;
  key: VerifierKey;
  replaced: VerifierKey;
}

const written = (key: VerifierKey): string => verifierKey(sha256, key.name, key.publicKey);

export class KeyChain {
  private readonly steps: Step[] = [];

  /** A note of the bundle. @throws Malformed where both its keys did not sign it */
  add(note: string): void {
    const { from, to, keys } = openKeyChange(sha256, verifySignature, note);
    const last = this.steps.at(-1);
    if (last && last.to !== from) throw new Malformed('replaces another key than the change before it brought');
    this.steps.push({ note, from, to, key: keys.to, replaced: keys.from });
  }

  /** With every key that follows from one that is trusted; and those that such a one follows from, which vouch for nothing. */
  followedFrom(trust: Trust): Trust {
    const followed = withKeys(
      trust,
      this.steps.slice(this.firstTrusted(trust)).map(({ key }) => key),
    );
    return { ...followed, former: this.former(trust) };
  }

  /** With those that were replaced as well: what they signed once tells when, and vouches for nothing. */
  withFormer(trust: Trust): Trust {
    return withKeys(trust, this.former(trust));
  }

  /** At the end, where the chain was needed: its steps must stand in the record. @param recorded notes of proven records */
  judge(signedBy: VerifierKey, trust: Trust, recorded: ReadonlySet<string>, findings: Findings): void {
    if (trust.logs.some((key) => written(key) === written(signedBy))) return;
    const steps = this.steps.slice(this.firstTrusted(trust), this.steps.findIndex(({ to }) => to === written(signedBy)) + 1);
    if (steps.some(({ note }) => !recorded.has(note))) {
      findings.add(
        'manipulation',
        'custody',
        'key-change-not-recorded',
        'The key that signed the checkpoint follows from one that you trust by a change that does not stand in the record here.',
      );
      return;
    }
    findings.add(
      'notice',
      'custody',
      'key-followed',
      `The checkpoint is signed by ${quoteKey(written(signedBy))}, which follows from a key that you trust by ${steps.length} recorded changes: obtain it from a second source, and trust it from now on.`,
    );
  }

  private former({ logs }: Trust): readonly VerifierKey[] {
    const trusted = new Set(logs.map(written));
    const last = this.steps.findLastIndex(({ to }) => trusted.has(to));
    return this.steps.slice(0, last + 1).map(({ replaced }) => replaced);
  }

  private firstTrusted({ logs }: Trust): number {
    const trusted = new Set(logs.map(written));
    const first = this.steps.findIndex(({ from }) => trusted.has(from));
    return first < 0 ? this.steps.length : first;
  }
}

function withKeys(trust: Trust, keys: readonly VerifierKey[]): Trust {
  const known = new Set(trust.logs.map(written));
  const logs = keys.filter((key) => !known.has(written(key)));
  const clocks = logs.map((key) => keyAs(sha256, key, 'cosignature'));
  return {
    ...trust,
    logs: [...trust.logs, ...logs],
    clocks: [...trust.clocks, ...clocks],
    known: [...trust.known, ...[...logs, ...clocks].map((key) => noteVerifier(key, verifySignature))],
  };
}
