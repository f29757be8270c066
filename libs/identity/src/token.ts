// The token as commands and the login need it.
import type { Decider, Role, Uuid } from '#kernel';
import type { TokenEvent } from './token.events.js';

export interface TokenState {
  exists: boolean;
  subject: Uuid;
  secretHash: string;
  role: Role;
  bodies: 'all' | Uuid[];
  organisation: Uuid | undefined;
  revoked: boolean;
}

export const token: Decider<TokenState, TokenEvent> = {
  category: 'token',
  initial: () => ({
    exists: false,
    subject: '' as Uuid,
    secretHash: '',
    role: 'delegate',
    bodies: [],
    organisation: undefined,
    revoked: false,
  }),
  evolve(state, event) {
    if (event.type === 'token-revoked') state.revoked = true;
    else {
      const { subject, secretHash, role, bodies, organisation } = event.data;
      Object.assign(state, { exists: true, subject, secretHash, role, bodies, organisation });
    }
    return state;
  },
  bodies: () => [],
  touches: (_event, stream) => [stream],
};
