// The register of tokens: for admins and auditors alone.
import { list, projection, table } from '#read-models';
import { ROLES } from '#kernel';
import type { TokenEvent } from './token.events.js';

export const tokens = table({
  name: 'tokens',
  singular: 'token',
  says: 'A token, without its secret.',
  columns: {
    subject: { type: 'id', says: 'The human or service that it stands for.' },
    role: { type: 'code', says: 'What it may do.', oneOf: ROLES },
    bodies: { type: 'json', says: 'The bodies for which a secretariat writes, or all.' },
    organisation: { type: 'id', says: 'The organisation of a delegate.', of: 'organisations' },
    name: { type: 'texts', says: 'Whose it is.' },
    status: { type: 'code', says: 'Whether it is worth anything.', oneOf: ['valid', 'revoked'] },
  },
  audience: { otherwise: { kind: 'restricted', organisations: [], roles: ['admin'] }, ofInstallation: true },
});

export const tokensList = list({
  name: 'tokens',
  table: tokens,
  says: 'Tokens, without their secrets.',
  filters: ['subject', 'role', 'status'],
});

export const identityProjection = projection<TokenEvent>({
  name: 'identity',
  tables: [tokens],
  lists: [tokensList],
  apply: {
    'token-issued': ({ streamId, data }, t) =>
      t.put(tokens, streamId, {
        subject: data.subject,
        role: data.role,
        bodies: data.bodies,
        organisation: data.organisation ?? null,
        name: data.name,
        status: 'valid',
      }),
    'token-revoked': ({ streamId }, t) => t.put(tokens, streamId, { status: 'revoked' }),
  },
});
