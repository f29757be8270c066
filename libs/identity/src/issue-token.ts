// Tokens are issued and revoked by admins; a secret is told once, and only its hash is kept.
import { body, bodyRefusals, organisation } from '#bodies/contracts';
import { command, commons, present, sealReason, sealText, refusals, type LocalizedText, type Reason, type Role, type Uuid } from '#kernel';
import { token, type TokenState } from './token.js';

export const identityRefusals = refusals({
  'delegate-without-organisation': {
    status: 422,
    title: 'A delegate belongs to an organisation',
    rule: 'A token of a delegate names its organisation, and no other token does: audiences name organisations and roles.',
  },
  'secretariat-without-body': {
    status: 422,
    title: 'A secretariat writes for bodies',
    rule: 'A token of a secretariat names the bodies for which it writes, or all; no other token names any.',
  },
});

export interface IssueToken {
  subject: Uuid;
  secretHash: string;
  role: Role;
  bodies: 'all' | Uuid[];
  organisation?: Uuid;
  name: LocalizedText;
}

export const issueToken = command<TokenState, IssueToken, true>({
  name: 'issue-token',
  on: token,
  roles: ['admin'],
  stream: 'new',
  creates: 'stream',
  async look(input, look) {
    for (const id of input.bodies === 'all' ? [] : input.bodies) {
      if (!(await look.at(body, id)))
        return bodyRefusals['unknown-body'](`There is no body ${id}.`, { fields: [{ field: 'bodies', reason: `${id} is no body` }] });
    }
    if (input.organisation && !(await look.at(organisation, input.organisation)))
      return bodyRefusals['unknown-organisation'](`There is no organisation ${input.organisation}.`, {
        fields: [{ field: 'organisation', reason: 'is not registered' }],
      });
    return true;
  },
  decide(input, _state, context) {
    if ((input.role === 'delegate') !== (input.organisation !== undefined))
      return identityRefusals['delegate-without-organisation'](`The role is ${input.role}.`, {
        fields: [{ field: 'organisation', reason: 'belongs to the role delegate' }],
      });
    if ((input.role === 'secretariat') !== (input.bodies === 'all' || input.bodies.length > 0))
      return identityRefusals['secretariat-without-body'](`The role is ${input.role}.`, {
        fields: [{ field: 'bodies', reason: 'belong to the role secretariat' }],
      });
    const { subject, secretHash, role, bodies, organisation: member, name } = input;
    return [
      {
        type: 'token-issued',
        data: { ...commons(context), subject, secretHash, role, bodies, ...present({ organisation: member }), name: sealText(name) },
      },
    ];
  },
});

export interface RevokeToken {
  reason: Reason;
}

export const revokeToken = command<TokenState, RevokeToken>({
  name: 'revoke-token',
  on: token,
  roles: ['admin'],
  stream: 'existing',
  decide: (input, state, context) =>
    state.revoked ? [] : [{ type: 'token-revoked', data: { ...commons(context), reason: sealReason(input.reason) } }],
});
