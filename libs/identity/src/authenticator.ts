// From a bearer token to the principal that holds it: by the durable state of the token's stream, so that a revocation counts at once.
import type { EventStore, Runner } from '#event-store';
import { isSealedReference, streamName, type Principal, type Uuid } from '#kernel';
import { provesSecret, readToken } from './secret.js';
import { token } from './token.js';
import type { TokenIssued } from './token.events.js';

const MAX_PRINCIPALS = 10_000;

export class Authenticator {
  /** The names of known tokens: sealed texts, which no folded state keeps. */
  private readonly names = new Map<Uuid, string | undefined>();
  private forgotten = 0;

  constructor(
    private readonly runner: Runner,
    private readonly store: EventStore,
  ) {}

  /** @param header the value of `Authorization` */
  async authenticate(header: string | undefined): Promise<Principal | undefined> {
    if (!header?.startsWith('Bearer ')) return undefined;
    const text = readToken(header.slice(7));
    if (!text) return undefined;
    const state = await this.runner.state(token, text.id);
    // What was lost of a token may have been its revocation, or all that is known of it.
    if (!state || !(await this.runner.isOpen(token, text.id))) return undefined;
    if (!provesSecret(text.secret, state.secretHash) || state.revoked) return undefined;
    return {
      subject: state.subject,
      role: state.role,
      bodies: state.bodies,
      organisation: state.organisation,
      token: text.id,
      name: await this.nameOf(text.id),
    };
  }

  /** Names were removed from the record: none may come from memory. */
  forgetNames(): void {
    this.forgotten += 1;
    this.names.clear();
  }

  private async nameOf(id: Uuid): Promise<string | undefined> {
    if (this.names.has(id)) return this.names.get(id);
    const { forgotten } = this;
    let name: string | undefined;
    for await (const [issued] of this.store.readStream(streamName('token', id), { limit: 1 })) {
      const { name: names } = JSON.parse(issued!.data) as TokenIssued['data'];
      const first: unknown = names[0]?.text;
      if (isSealedReference(first)) name = issued!.sealed.find(({ hash }) => hash === first.$sealed)?.value;
    }
    if (this.names.size >= MAX_PRINCIPALS) this.names.clear();
    // What was read before names were removed may be one of them.
    if (forgotten !== this.forgotten) return this.nameOf(id);
    this.names.set(id, name);
    return name;
  }
}
