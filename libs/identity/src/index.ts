export { Authenticator } from './authenticator.js';
export { IdentityModule } from './identity.module.js';
export { issueToken } from './issue-token.js';
export { drawSecret, hashSecret, readToken, writeToken, type TokenText } from './secret.js';
