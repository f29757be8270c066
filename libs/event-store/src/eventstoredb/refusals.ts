// What the database refuses its user. It is asked again now and then, without a command: whoever goes by health sends a node in trouble none.
import { StoreUnavailable } from '../errors.js';
import type { Attempts } from './attempts.js';

const AGAIN_AFTER_MS = 5_000;

export type Refusable = 'reading' | 'appending';

/** The user may not: nothing was read or stored. */
export class Refused extends StoreUnavailable {
  /** @param askAgain the same for nothing: rejects with StoreUnavailable where it is refused still, or nobody answers */
  constructor(
    readonly what: Refusable,
    message: string,
    cause: unknown,
    readonly askAgain: () => Promise<unknown>,
  ) {
    super('failing', message, { cause });
  }
}

export class Refusals {
  /** The first of each kind that was met and stands. */
  private readonly standing = new Map<Refusable, Refused>();
  private asking: Promise<void> | undefined;

  constructor(private readonly attempts: Attempts) {}

  /** What is refused; undefined where nothing is, as far as it is known. */
  get message(): string | undefined {
    const [first] = this.standing.values();
    return first?.message;
  }

  /** A call failed, refused or otherwise. */
  met(error: unknown): void {
    const refused = refusedIn(error);
    if (!refused || this.standing.has(refused.what)) return;
    this.standing.set(refused.what, refused);
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
  }

  /** It was done: what was refused before is not any more. */
  done(what: Refusable): void {
    this.standing.delete(what);
  }

  /** Resolves once nothing is asked any more, after the signal aborted. */
  async stopped(): Promise<void> {
    await this.asking;
  }

  private async ask(): Promise<void> {
    const { timing, signal } = this.attempts;
    while (this.standing.size > 0) {
      await timing.pause(AGAIN_AFTER_MS, signal);
      if (signal.aborted) return;
      for (const [what, refused] of [...this.standing]) {
        const isGranted = await refused.askAgain().then(() => true, isOtherwise);
        if (isGranted && this.standing.get(what) === refused) this.done(what);
      }
    }
  }
}

/** The user may, and something else is wrong: whoever meets it says so. */
const isOtherwise = (error: unknown): boolean => error instanceof StoreUnavailable && error.reason === 'failing' && !refusedIn(error);

/** An append that cannot be read back since reading is refused is unclear, and has that as its cause. */
function refusedIn(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  return error instanceof Error && error.cause instanceof Refused ? error.cause : undefined;
}
