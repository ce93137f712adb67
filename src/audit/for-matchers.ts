/** What assertions take of the audit, and load only when one is about it. */

export { askEachHop } from './ask-through-caches.js'
export { runAudit, unjudgedError } from './audit-origins.js'
export { auditMessage } from './audit-text.js'
export { judgeCaches } from './judge-caches.js'
