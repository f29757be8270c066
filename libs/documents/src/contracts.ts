// What other contexts may use of this one.
export { document, type DocumentState } from './document.js';
