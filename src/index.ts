/** The public surface, and nothing else. Importing it has no side effect and loads nothing heavy. */

// The audit.
export type { AuditOptions, BaselineEntry } from './audit/audit-options.js'
export { auditOrigins } from './audit/audit-origins.js'
export type {
  AcceptedFinding,
  AuditEvidence,
  AuditFinding,
  AuditFindingId,
  AuditReport,
  AuditSeverity,
  AuditUnjudged,
  StaleEntry,
} from './audit/audit-report.js'
// The contract.
export { type CheckContractOptions, checkCorsContract } from './contract/check-contract.js'
export type {
  ContractDefaults,
  ContractEnvironment,
  ContractJson,
  ContractOrigin,
  ContractOrigins,
  ContractRoute,
  ContractStatus,
  CorsContract,
  RouteName,
} from './contract/contract.js'
export {
  contractFromOpenApi,
  type OpenApiContract,
  type OpenApiOptions,
} from './contract/contract-from-open-api.js'
export type {
  ContractCell,
  ContractCode,
  ContractDrift,
  ContractProgress,
  ContractReport,
  ContractRequest,
} from './contract/contract-report.js'
export { type ContractOf, defineCorsContract } from './contract/define-contract.js'
export { loadCorsContract } from './contract/load-contract.js'
export {
  type ObservedOriginPolicy,
  type ObservedPolicy,
  type ObservePolicyOptions,
  observeCorsPolicy,
} from './contract/observe-policy.js'
export type { AskPolicyOptions } from './contract/policy-asker.js'
export {
  type RecordContractOptions,
  type RecordedRoute,
  recordCorsContract,
} from './contract/record-contract.js'
export { type ReportFormat, type ReportOptions, renderCorsReport } from './contract/report/render-report.js'
export type { Judged } from './diagnose/case.js'
export { type ConsoleOptions, consoleMessage } from './diagnose/console/index.js'
export { alignEngines, type EngineAlignment, type EngineGroup } from './diagnose/engines.js'
export { formatExchanges } from './diagnose/exchange.js'
export type { CorsCause } from './diagnose/explain/cause.js'
export { type ExplainOptions, type Explanation, explainCors } from './diagnose/explain.js'
export { type Remedy, type RemedyOptions, remediesFor, type ServerName } from './diagnose/remedies/index.js'
export { type RenderOptions, renderExplanation } from './diagnose/render.js'
export { type Profile, profiles } from './engines/profiles.js'
// The steps of the Fetch Standard, under its own names.
export { type CorsBody, extractBody, type RequestBody } from './fetch/body.js'
export { type CorsCheckFailure, type CorsCheckRequest, corsCheck } from './fetch/cors-check.js'
export type { Deviations } from './fetch/deviations.js'
export {
  corsExposedHeaderNames,
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
} from './fetch/exposed-headers.js'
export type { BlockedAt, CorsFailureCode, Failure } from './fetch/failure.js'
export type { PreflightReason, Warning } from './fetch/fetch-context.js'
export { visibleHeaderNames, visibleHeaders } from './fetch/filtered-response.js'
export {
  decodeAndSplit,
  extractHeaderListValues,
  getDecodeAndSplit,
  getHeader,
  type Header,
  type HeaderList,
  type ListHeader,
} from './fetch/header-list.js'
export { type HeadersLike, readHeaders } from './fetch/headers-init.js'
export { isToken, normalizeHeaderValue } from './fetch/http-tokens.js'
export { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from './fetch/methods.js'
export { type MimeType, parseMimeType, serializeMimeType } from './fetch/mime-type.js'
export { isBadPort, isPotentiallyTrustworthyUrl } from './fetch/mixed-content.js'
export {
  type InvalidOrigin,
  isSameOrigin,
  isSchemefullySameSite,
  type OpaqueOrigin,
  type Origin,
  originOfUrl,
  parseOrigin,
  type RegistrableDomain,
  type TupleOrigin,
} from './fetch/origin.js'
export {
  checkPreflightResponse,
  corsPreflightHeaders,
  type PreflightedRequest,
  type PreflightGrant,
  type PreflightRefusal,
} from './fetch/preflight.js'
export { type CacheEntry, type CacheQuery, PreflightCache, preflightMaxAge } from './fetch/preflight-cache.js'
export { parseSingleRange, type SingleRange } from './fetch/range.js'
export { isOkStatus, isRedirectStatus, locationUrl } from './fetch/redirect.js'
export type { ReferrerPolicy } from './fetch/referrer.js'
export {
  corsUnsafeRequestHeaderNames,
  corsUnsafeRequestHeaders,
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedRequestHeader,
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  type UnsafeHeader,
  type UnsafeHeaderReason,
} from './fetch/request-headers.js'
export type { ResponseHead, ResponseType } from './fetch/response.js'
export type { RequestHead } from './fetch/sent-headers.js'
// The simulated page.
export { CorsError, isCorsError } from './page/cors-error.js'
export type { PageEventSource, PageEventSourceClass } from './page/event-source.js'
export type { FormFields, FormOptions } from './page/form.js'
export type { InstalledName } from './page/install.js'
export type { ElementLoad, LoadOptions, PreloadOptions } from './page/load.js'
export type { PageContext, PageLocation } from './page/location.js'
export { isLoginPromptError, LoginPromptError } from './page/login-prompt-error.js'
export {
  type FrameOptions,
  type NextPageOptions,
  openPage,
  type Page,
  type PageJourney,
  type PageOptions,
} from './page/open-page.js'
export type {
  PageHeadersClass,
  PageHeadersInit,
  PageRequest,
  PageRequestClass,
  PageRequestInit,
  PageRequestInput,
} from './page/request-class.js'
export type { Servers } from './page/servers.js'
export type { PageXMLHttpRequest, PageXMLHttpRequestClass } from './page/xml-http-request.js'
export { type Configuration, configure } from './subject/configure.js'
export { type Endpoint, endpoint } from './subject/endpoint.js'
export { type ObservedRequest, observed } from './subject/observed.js'
export type { LiveOptions } from './subject/options.js'
export { CorsUsageError, isCorsUsageError } from './text/usage-error.js'
export { CorsNetworkError, isCorsNetworkError } from './transport/network-error.js'
export type { CorsRequest } from './verdict/cors-request.js'
export {
  corsPreflightRequest,
  type EvaluateCorsInput,
  evaluateCors,
  type ResponseHeadInput,
} from './verdict/evaluate-cors.js'
export type { Exchange, Hop, Journey, Verdict } from './verdict/verdict.js'
