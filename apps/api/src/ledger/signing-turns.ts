// The order in which the signer's thread does what it is asked for: one thing after another.

interface Turn {
  tick: number;
}

export class SigningTurns {
  private last: Promise<void> = Promise.resolve();
  /** Not begun yet. At most one: it answers for whatever is asked for until it begins, since it signs what is stored by then. */
  private waiting: Turn | undefined;
  private ended = false;

  constructor(private readonly sign: (tick: number) => Promise<void>) {}

  /** Ticks are numbered upwards. */
  ask(tick: number): void {
    if (this.waiting) {
      this.waiting.tick = tick;
      return;
    }
    const turn = { tick };
    this.waiting = turn;
    this.last = this.last.then(() => this.take(turn));
  }

  /** After all that was asked for before, and before all that is asked for from now on. */
  change(how: () => void): void {
    this.waiting = undefined;
    this.last = this.last.then(how);
  }

  /** Resolves once nothing is under way. What has not begun never does: the next start signs it. */
  async end(): Promise<void> {
    this.ended = true;
    await this.last;
  }

  private async take(turn: Turn): Promise<void> {
    if (this.waiting === turn) this.waiting = undefined;
    if (!this.ended) await this.sign(turn.tick);
  }
}
