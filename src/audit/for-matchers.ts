/** What assertions take of the audit, and load only when one is about it. */

export { runAudit, unjudgedError } from './audit-origins.js'
export { auditMessage } from './audit-text.js'
